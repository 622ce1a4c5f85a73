import Results
import Study

extension Plot {
    /// Trajectories of a few noises in the plane: the teacher's beside the points where each arm's student lands,
    /// over the density of its samples. Nil where none were kept.
    static func trajectories(_ records: [Record]) -> Plot? {
        let all = PlotArm.all(
            of: records.filter { $0.lengths.trajectories == 2 }, along: StudyTable.axes(of: records))
        let arms = all.prefix(mostWays).compactMap { arm in arm.records.first.map { (title: arm.title, record: $0) } }
            .filter { $0.record.trajectories != nil }
        guard let first = arms.first?.record else { return nil }
        let ways = arms.map { $0.record.trajectories! }
        let extent =
            1.1
            * ways.flatMap { $0.teacher + $0.student }.joined()
            .reduce(1e-6) { $1.isFinite ? max($0, Double(abs($1))) : $0 }
        let columns = min(4, arms.count), rows = (arms.count + columns - 1) / columns
        let seed = first.run[Study.seedAxis].map { ", seed \($0)" } ?? ""
        return Plot(
            name: "trajectories", template: .trajectories, title: "From noise to data",
            caption:
                "\(first.run.study): \(ways[0].count) noises\(seed); grey the teacher's path, orange the student's map"
                + (all.count > arms.count ? "; \(all.count - arms.count) more arms" : ""),
            xLabel: "", yLabel: "",
            blocks: zip(arms, ways).flatMap { arm, ways in
                [
                    Block(arm.title, density(arm.record, extent)), Block(arm.title, lines(ways.teacher)),
                    Block(arm.title, lines(ways.student)),
                ]
            },
            settings: panels(arms.map(\.title), rows: rows, columns: columns, extent: extent),
            size: (width: 60 + 240 * columns, height: 100 + 260 * rows))
    }

    private static let mostWays = 8

    private static func density(_ record: Record, _ extent: Double) -> [[Value]] {
        PlanarDensity(
            PlanarDensity.points(record.samples?.student ?? record.trajectories!.student.last!), extent: extent
        )
        .rows
    }

    /// A line per sample through its states, an empty row between two.
    private static func lines(_ states: [[Float]]) -> [[Value]] {
        let points = states.map { PlanarDensity.points($0) }
        return Array(
            points[0].indices.map { sample in
                points.map { [.number($0[sample].x), .number($0[sample].y)] as [Value] }
            }.joined(separator: [[]]))
    }

    /// The settings of templates with panels in the plane.
    static func panels(_ titles: [String], rows: Int, columns: Int, extent: Double) -> [(name: String, value: Setting)]
    {
        [
            ("panels", .number(Double(titles.count))), ("rows", .number(Double(rows))),
            ("columns", .number(Double(columns))), ("low", .number(-extent)), ("high", .number(extent)),
            // A word each, for gnuplot to count.
            (
                "titles",
                .text(titles.map { $0.split(separator: " ").joined(separator: "\u{A0}") }.joined(separator: " "))
            ),
        ]
    }
}

extension TrajectoriesFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [Plot.trajectories(records)].compactMap { $0 } }
}
