import FlowMaps

/// The metric goes up along an axis of numbers, between two of its values: the slope over the ranks of these is above zero.
package struct RisesStatement: AxisRangeStatement {
    package static let name = "rises"
    package let metric: String
    package let along: String
    package let from, to: Double?
    package let `where`: [String: String]?

    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        PairedTest.list("− slope along \(along)", lines(of: sample).slopes.map { -$0 }, confidence: confidence)
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
