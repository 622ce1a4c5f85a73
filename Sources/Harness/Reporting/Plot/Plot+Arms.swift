import Foundation
import Results
import Study

extension Plot {
    /// A score of each arm as a bar, with a point a seed.
    static func bars(_ score: String, _ records: [Record]) -> Plot {
        let all = PlotArm.all(of: records, along: StudyTable.axes(of: records))
        let arms = all.prefix(mostBars).map { arm in
            (arm.title, PlotSample(arm.records.compactMap { $0.evaluation.last[score] }))
        }.filter { !$0.1.values.isEmpty }
        let places = arms.enumerated().map { (Double($0.offset + 1), $0.element) }
        let longest = arms.map { $0.0.count }.max() ?? 0
        return Plot(
            name: "\(score)-of-arms", template: .bars, title: label(score),
            caption: caption(records, arms.map(\.1), leftOut: all.count - arms.count), xLabel: "",
            yLabel: label(score),
            blocks: [
                Block(
                    "means",
                    places.map { x, arm in
                        [.number(x), .text(arm.0), .number(arm.1.mean), .number(arm.1.deviation)]
                    }),
                Block("seeds", places.flatMap { x, arm in Self.spread(arm.1.values, around: x) }),
            ],
            settings: floor(score, records) + [
                ("arms", .number(Double(arms.count))), ("slanted", .truth(longest * arms.count > charactersAcross)),
                ("ylog", .truth(isLogarithmic(arms.flatMap(\.1.values), over: wideScores))),
            ])
    }

    /// More bars are no figure but a table.
    private static let mostBars = 24
    /// Letters of 12 points that fit under the axis.
    private static let charactersAcross = 55
    /// Bars over more than this ratio: the lower could not be seen.
    private static let wideScores = 50.0

    /// Points side by side, in the order of the seeds, so that equal ones are seen.
    private static func spread(_ values: [Double], around x: Double) -> [[Value]] {
        let step = min(0.08, 0.4 / Double(max(1, values.count)))
        let middle = 0.5 * Double(values.count - 1)
        return values.enumerated().map { [.number(x + step * (Double($0.offset) - middle)), .number($0.element)] }
    }
}

extension BarsFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [.bars(of, records)] }
}
