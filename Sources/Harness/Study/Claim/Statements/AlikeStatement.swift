import FlowMaps
import Specification

/// The arm `of` is neither above nor below the arm `to` by more than a part of it.
package struct AlikeStatement: ClaimStatement {
    package static let name = "alike"
    package let metric: String
    let of, to: [String: String]
    let within: Double

    package var arms: [(key: String, arm: [String: String])] { [("of", of), ("to", to)] }

    package func validate() throws(Violation) {
        try require(of != to, "to", found: "the arm of 'of'", allowed: "another arm")
        try require(within > 0 && within < 1, "within", found: within, allowed: "more than 0 and less than 1")
    }

    package func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let pairs = ArmPairs(sample, metric, of, to).numbers, (of, to) = (ArmPairs.text(of), ArmPairs.text(to))
        return PairedTest.list(
            "\(of) − \(NumberFormat.text(1 + within)) · \(to)", pairs.map { $0.of - (1 + within) * $0.than },
            confidence: confidence)
            + PairedTest.list(
                "\(NumberFormat.text(1 - within)) · \(to) − \(of)", pairs.map { (1 - within) * $0.than - $0.of },
                confidence: confidence)
    }
}

extension Claim.Statement {
    /// The arm `of` is neither above nor below the arm `to` by more than a part of it.
    public static func alike(metric: String, of: [String: String], to: [String: String], within: Double) -> Self {
        Self(AlikeStatement(metric: metric, of: of, to: to, within: within))
    }
}
