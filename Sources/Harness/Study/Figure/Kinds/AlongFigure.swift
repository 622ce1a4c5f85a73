import Specification

/// A score along an axis of numbers, a line an arm.
package struct AlongFigure: FigureKind {
    package static let name = "along"
    package let axis, of: String

    package var score: String? { of }

    package func check(against runs: [Run], _ mark: SpecMark, _ place: String) throws(SpecError) {
        guard runs.axes.contains(axis) else {
            throw SpecError(mark, "unknown axis '\(axis)' in \(place)", name: axis, among: runs.axes)
        }
        let numbers = Set(runs.compactMap { run in run.coordinates.first { $0.axis == axis }?.number })
        guard numbers.count > 1 else {
            throw SpecError(
                mark, "axis '\(axis)' in \(place) has no order", found: "\(numbers.count) values that are numbers",
                allowed: "an axis of at least 2 numbers")
        }
    }
}

extension FigureChoice {
    /// A score along an axis of numbers, a line an arm.
    public static func along(axis: String, of score: String) -> Self { Self(AlongFigure(axis: axis, of: score)) }
}
