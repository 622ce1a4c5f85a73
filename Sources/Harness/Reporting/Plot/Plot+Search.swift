import FlowMaps
import PlotTemplates
import Results
import Study

extension Plot {
    /// The results of searches over the total evaluations per sample: a line for each arm's student, and one for each
    /// strategy of the teacher alone. Nil where the study has no search, or does not measure the score.
    static func search(_ score: String, _ records: [Record]) -> Plot? {
        let searched = records.filter { record in
            record.search.map { curves in curves.lines.allSatisfy { !curves.values(of: score, $0).isEmpty } } ?? false
        }
        guard !searched.isEmpty else { return nil }
        let all = PlotArm.all(of: searched, along: StudyTable.axes(of: searched))
        let peers = Search.Strategy.allCases.filter { $0 != .student }
        let arms = all.prefix(PlotArm.most - peers.count)
        let lines =
            arms.map { ("student, \($0.title)", places(of: points(score, .student, $0.records))) }
            + peers.map { ("teacher, \($0.title)", places(of: points(score, $0, searched))) }
        let samples = lines.flatMap { $0.1.map(\.sample) }
        return Plot(
            name: "\(score)-over-evaluations", template: .lines, title: "\(label(score)) over evaluations",
            caption: caption(searched, samples, leftOut: all.count - arms.count),
            xLabel: "network evaluations a sample, search included", yLabel: label(score),
            blocks: lines.map { title, places in
                Block(title, places.map { $0.sample.row(at: $0.x, logarithmic: false) })
            },
            settings: [("xlog", .truth(true))])
    }

    private static func points(
        _ score: String, _ strategy: Search.Strategy, _ records: [Record]
    ) -> [(x: Double, y: Double)] {
        records.flatMap { record in
            (record.search?.lines ?? []).filter { $0.strategy == strategy }.flatMap { line in
                zip(line.evaluations, record.search!.values(of: score, line)).map { (Double($0), $1) }
            }
        }
    }
}

extension Search.Strategy {
    /// In words, for figures and tables.
    var title: String {
        switch self {
        case .steps: "more steps"
        case .random: "random search by one step"
        case .bestOf: "best of its samples"
        case .zeroOrder: "zero-order search"
        case .student: "search by the student"
        }
    }
}

extension SearchFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [Plot.search(of, records)].compactMap { $0 } }
}
