import FlowMaps

/// The metric goes up along an axis of numbers, between two of its values: the slope over the ranks of these is above zero.
package struct RisesStatement: ClaimStatement {
    package static let name = "rises"
    package let metric: String
    let along: String
    let from, to: Double?
    let `where`: [String: String]?

    package var axis: String? { along }
    package var arms: [(key: String, arm: [String: String])] { [("where", `where` ?? [:])] }

    package func validate() throws(Violation) { try checkOrder(from, to) }

    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let lines = AxisLines(sample, metric, along: along, from: from, to: to, of: `where`)
        return PairedTest.list("− slope along \(along)", lines.slopes.map { -$0 }, confidence: confidence)
    }
}

extension Claim.Statement {
    /// The metric goes up along an axis of numbers, between two of its values: the slope over the ranks of these is above zero.
    public static func rises(
        metric: String, along: String, from: Double?, to: Double?, where arm: [String: String]?
    ) -> Self {
        Self(RisesStatement(metric: metric, along: along, from: from, to: to, where: arm))
    }
}
