/// A statement about a metric along an axis of numbers, of the runs of one arm.
package protocol AxisStatement: ClaimStatement {
    /// The axis.
    var along: String { get }
    /// Values of other axes that all of its runs have; nil is none.
    var `where`: [String: String]? { get }
}

extension AxisStatement {
    package var axis: String? { along }
    package var arms: [(key: String, arm: [String: String])] { [("where", `where` ?? [:])] }
}
