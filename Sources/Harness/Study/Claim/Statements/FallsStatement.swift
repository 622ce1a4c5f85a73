import FlowMaps

/// The metric goes down along an axis of numbers, between two of its values.
package struct FallsStatement: ClaimStatement {
    package static let name = "falls"
    package let metric: String
    let along: String
    let from, to: Double?
    let `where`: [String: String]?

    package var axis: String? { along }
    package var arms: [(key: String, arm: [String: String])] { [("where", `where` ?? [:])] }

    package func validate() throws(Violation) { try checkOrder(from, to) }

    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let lines = AxisLines(sample, metric, along: along, from: from, to: to, of: `where`)
        return PairedTest.list("slope along \(along)", lines.slopes, confidence: confidence)
    }
}

extension Claim.Statement {
    /// The metric goes down along an axis of numbers, between two of its values.
    public static func falls(
        metric: String, along: String, from: Double?, to: Double?, where arm: [String: String]?
    ) -> Self {
        Self(FallsStatement(metric: metric, along: along, from: from, to: to, where: arm))
    }
}
