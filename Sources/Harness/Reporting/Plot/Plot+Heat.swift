import Results
import Specification
import Study

extension Plot {
    /// The paired difference of a score between two arms at each pair of values of two axes, with its 95 % interval: below 0 the first
    /// arm is lower. Runs are paired by all values that neither arm names, seeds among them.
    /// - Returns: nil where no runs can be paired.
    static func heat(
        _ score: String, _ records: [Record], x: String, y: String, _ arm: [String: String],
        minus other: [String: String]
    ) -> Plot? {
        let named = Set(arm.keys).union(other.keys)
        func values(_ selected: [String: String]) -> [([SweepPoint.Coordinate], Double)] {
            records.filter { record in selected.allSatisfy { record.run.has($0.value, on: $0.key) } }
                .compactMap { record in
                    record.evaluation.last[score].map { number in
                        (record.run.coordinates.filter { !named.contains($0.axis) }, number)
                    }
                }
        }
        let others = values(other)
        var cells: [Cell: [Double]] = [:]
        for (key, number) in values(arm) {
            guard let partner = others.first(where: { $0.0 == key })?.1, (number - partner).isFinite,
                let column = key.first(where: { $0.axis == x })?.label,
                let row = key.first(where: { $0.axis == y })?.label
            else { continue }
            cells[Cell(column: column, row: row), default: []].append(number - partner)
        }
        guard !cells.isEmpty else { return nil }
        let columns = labels(records, on: x) { label in cells.keys.contains { $0.column == label } }
        let rows = labels(records, on: y) { label in cells.keys.contains { $0.row == label } }
        let found = cells.mapValues { PairedDifference($0, confidence: 0.95) }
        let bound = found.values.map { abs($0.mean) }.max() ?? 1
        let title = "\(label(score)): \(text(arm)) − \(text(other))"
        return Plot(
            name: "\(score)-of-\(text(arm))-minus-\(text(other))", template: .heat, title: title,
            caption: caption(records, found.values.map { PlotSample($0.differences) })
                .replacing("mean ± standard deviation", with: "mean paired difference [95 % interval]"),
            xLabel: x, yLabel: y,
            blocks: [
                Block(
                    "differences",
                    found.sorted { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }.map { cell, difference in
                        [
                            .number(Double(columns.firstIndex(of: cell.column)! + 1)),
                            .number(Double(rows.firstIndex(of: cell.row)! + 1)), .number(difference.mean),
                            .text(NumberFormat.text(difference.mean)), .text(interval(difference)),
                        ]
                    }),
                Block("columns", columns.enumerated().map { [.number(Double($0.offset + 1)), .text($0.element)] }),
                Block("rows", rows.enumerated().map { [.number(Double($0.offset + 1)), .text($0.element)] }),
            ],
            settings: [
                ("columns", .number(Double(columns.count))), ("rows", .number(Double(rows.count))),
                ("bound", .number(bound > 0 ? bound : 1)),
            ])
    }

    private struct Cell: Hashable {
        let column, row: String
    }

    /// The labels on an axis in the study's order, of those that are in the figure.
    private static func labels(_ records: [Record], on axis: String, _ isIncluded: (String) -> Bool) -> [String] {
        var result: [String] = []
        for record in records {
            guard let label = record.run.coordinates.first(where: { $0.axis == axis })?.label else { continue }
            if isIncluded(label), !result.contains(label) { result.append(label) }
        }
        return result
    }

    private static func text(_ arm: [String: String]) -> String {
        arm.sorted { $0.key < $1.key }.map(\.value).joined(separator: ",")
    }

    /// "[−1.5, −1.1]"; nothing where there is one difference.
    private static func interval(_ difference: PairedDifference) -> String {
        guard let interval = difference.interval else { return "" }
        return "[\(NumberFormat.text(interval.lowerBound)), \(NumberFormat.text(interval.upperBound))]"
    }
}

extension HeatFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] {
        [Plot.heat(of, records, x: x, y: y, arm, minus: than)].compactMap { $0 }
    }
}
