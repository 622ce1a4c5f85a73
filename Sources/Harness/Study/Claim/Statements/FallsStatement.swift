import FlowMaps

/// The metric goes down along an axis of numbers, between two of its values.
package struct FallsStatement: AxisRangeStatement {
    package static let name = "falls"
    package let metric: String
    package let along: String
    package let from, to: Double?
    package let `where`: [String: String]?

    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        PairedTest.list("slope along \(along)", lines(of: sample).slopes, confidence: confidence)
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
