import FlowMaps

/// A statement about a metric along a part of an axis.
package protocol AxisRangeStatement: AxisStatement {
    /// The numbers on the axis that the part begins and ends with; nil where the axis does.
    var from: Double? { get }
    var to: Double? { get }
}

extension AxisRangeStatement {
    package func validate() throws(Violation) { try checkOrder() }

    /// Checks that the axis is gone along upwards.
    func checkOrder() throws(Violation) {
        guard let from, let to else { return }
        try require(to > from, "to", found: to, allowed: "more than its from, \(from)")
    }

    /// The metric along the part, for every choice of the other axes.
    func lines(of sample: ClaimSample) -> AxisLines {
        AxisLines(sample, metric, along: along, from: from, to: to, of: `where`)
    }
}
