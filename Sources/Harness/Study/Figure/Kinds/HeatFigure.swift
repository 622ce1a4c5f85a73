import Specification

/// The paired difference of a score between the arms `arm` and `than` over two axes, a cell for each pair of their values.
package struct HeatFigure: FigureKind {
    package static let name = "heat"
    package let of, x, y: String
    package let arm, than: [String: String]

    package var score: String? { of }

    package func check(against runs: [Run], _ mark: SpecMark, _ place: String) throws(SpecError) {
        for axis in [x, y] + arm.keys.sorted() + than.keys.sorted() where !runs.axes.contains(axis) {
            throw SpecError(mark, "unknown axis '\(axis)' in \(place)", name: axis, among: runs.axes)
        }
        for selected in [arm, than]
        where !runs.contains(where: { run in selected.allSatisfy { run.has($0.value, on: $0.key) } }) {
            throw SpecError(
                mark, "no run of the study is of the arm in \(place)",
                found: selected.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))
        }
    }
}

extension FigureChoice {
    /// The paired difference of a score between the arms `arm` and `than` over two axes, a cell for each pair of their values.
    public static func heat(
        of score: String, x: String, y: String, arm: [String: String], than: [String: String]
    ) -> Self {
        Self(HeatFigure(of: score, x: x, y: y, arm: arm, than: than))
    }
}
