import FlowMaps
import Specification

/// Nowhere along the axis, between two of its values, is the metric above that of the first by more than a part.
package struct FlatStatement: AxisRangeStatement {
    package static let name = "flat"
    package let metric: String
    package let along: String
    package let from, to: Double?
    let within: Double
    package let `where`: [String: String]?

    package func validate() throws(Violation) {
        try checkOrder()
        try positive(within, "within")
    }

    /// Each value after the first, minus the largest allowed value. All must hold, so none needs a correction to
    /// support the claim.
    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let (places, lines) = lines(of: sample).whole
        return places.indices.dropFirst().flatMap { index in
            PairedTest.list(
                "\(along)=\(NumberFormat.text(places[index])) − \(NumberFormat.text(1 + within)) · first",
                lines.map { $0[index] - (1 + within) * $0[0] }, confidence: confidence)
        }
    }
}

extension Claim.Statement {
    /// Nowhere along the axis, between two of its values, is the metric above that of the first by more than a part.
    public static func flat(
        metric: String, along: String, from: Double?, to: Double?, within: Double, where arm: [String: String]?
    ) -> Self {
        Self(FlatStatement(metric: metric, along: along, from: from, to: to, within: within, where: arm))
    }
}
