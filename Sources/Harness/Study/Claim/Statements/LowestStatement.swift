import FlowMaps
import Specification

/// The lowest value along an axis of numbers is at most `tolerance` from `at`.
package struct LowestStatement: AxisStatement {
    package static let name = "lowest"
    package let metric: String
    package let along: String
    let at, tolerance: Double
    package let `where`: [String: String]?

    package func validate() throws(Violation) { try require(tolerance, "tolerance", in: 0...) }

    /// The best place near the point is below every other: the best by its mean, against each that is not near.
    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let (places, lines) = AxisLines(sample, metric, along: along, of: `where`).whole
        func values(_ index: Int) -> [Double] { lines.map { $0[index] } }
        let near = places.indices.filter { isNear(places[$0]) }
        let far = places.indices.filter { !near.contains($0) }
        guard !near.isEmpty, !far.isEmpty else { return [] }
        let best = near.min { values($0).reduce(0, +) < values($1).reduce(0, +) }!
        // That some far place is lower can be found in as many ways as there are far places.
        let each = 1 - (1 - confidence) / Double(far.count)
        return far.flatMap { other in
            PairedTest.list(
                "\(along)=\(NumberFormat.text(places[best])) − \(along)=\(NumberFormat.text(places[other]))",
                zip(values(best), values(other)).map { $0 - $1 }, confidence: each)
        }
    }

    /// A place is within the tolerance, where their decimals say so: in binary 0.85 − 0.7 is above 0.15 by a rounding.
    private func isNear(_ place: Double) -> Bool {
        abs(place - at) <= tolerance + 2 * max(abs(place), abs(at)).ulp
    }
}

extension Claim.Statement {
    /// The lowest value along an axis of numbers is at most `tolerance` from `at`.
    public static func lowest(
        metric: String, along: String, at: Double, tolerance: Double, where arm: [String: String]?
    ) -> Self {
        Self(LowestStatement(metric: metric, along: along, at: at, tolerance: tolerance, where: arm))
    }
}
