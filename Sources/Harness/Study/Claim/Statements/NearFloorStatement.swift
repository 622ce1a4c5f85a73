import FlowMaps
import Specification

/// The arm is at most a part above the teacher's own score.
package struct NearFloorStatement: ClaimStatement {
    package static let name = "nearFloor"
    package let metric: String
    let of: [String: String]
    let within: Double

    package var arms: [(key: String, arm: [String: String])] { [("of", of)] }
    package var comparesRuns: Bool { false }

    package func validate() throws(Violation) { try positive(within, "within") }

    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let differences = sample.selecting(of).values(metric, apartFrom: []).flatMap { group in
            group.values.compactMap { value in value.floor.map { value.number - (1 + within) * $0 } }
        }
        return PairedTest.list(
            "\(ArmPairs.text(of)) − \(NumberFormat.text(1 + within)) · floor", differences, confidence: confidence)
    }
}

extension Claim.Statement {
    /// The arm is at most a part above the teacher's own score.
    public static func nearFloor(metric: String, of: [String: String], within: Double) -> Self {
        Self(NearFloorStatement(metric: metric, of: of, within: within))
    }
}
