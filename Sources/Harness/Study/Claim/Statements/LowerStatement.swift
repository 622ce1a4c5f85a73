import FlowMaps
import Specification

/// The arm `of` is below the arm `than`, by at least the part `by` of it.
package struct LowerStatement: ClaimStatement {
    package static let name = "lower"
    package let metric: String
    let of, than: [String: String]
    let by: Double?

    package var arms: [(key: String, arm: [String: String])] { [("of", of), ("than", than)] }

    package func validate() throws(Violation) {
        try require(of != than, "than", found: "the arm of 'of'", allowed: "another arm")
        if let by { try require(by, "by", in: 0..<1) }
    }

    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let part = 1 - (by ?? 0), limit = by == nil ? "" : "\(NumberFormat.text(part)) · "
        return PairedTest.list(
            "\(ArmPairs.text(of)) − \(limit)\(ArmPairs.text(than))",
            ArmPairs(sample, metric, of, than).numbers.map { $0.of - part * $0.than }, confidence: confidence)
    }
}

extension Claim.Statement {
    /// The arm `of` is below the arm `than`, by at least the part `by` of it.
    public static func lower(metric: String, of: [String: String], than: [String: String], by: Double?) -> Self {
        Self(LowerStatement(metric: metric, of: of, than: than, by: by))
    }
}
