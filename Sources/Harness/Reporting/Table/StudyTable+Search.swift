import FlowMaps
import Results

extension StudyTable {
    /// A score of the searches: a row an arm and strategy, a column a budget, means over seeds.
    /// - Parameter score: `searchScore` or `searchDistance`.
    public static func overBudgets(_ score: String, _ records: [Record]) -> Table {
        let searched = records.filter { $0.search != nil }, axes = axes(of: searched)
        let budgets = Set(searched.flatMap { $0.search?.budgets ?? [] }).sorted()
        var table = Table(
            columns: columns(for: axes) + [Table.Column("strategy", alignment: .left)]
                + budgets.map { Table.Column("\($0) evaluations") })
        for arm in arms(of: searched, along: axes) {
            for strategy in Search.Strategy.allCases {
                table.append(
                    cells(of: arm.labels) + [.text(strategy.title)]
                        + budgets.map { budget in
                            .mean(of: arm.records.compactMap { $0.search?.value(of: score, strategy, at: budget) })
                        })
            }
        }
        return table.ranked(risingFrom: max(1, axes.count) + 1)
    }

    /// The scores of searches that any record has.
    public static func searchScoreNames(of records: [Record]) -> [String] {
        SearchCurves.scoreNames.filter { score in
            records.contains { record in
                record.search.map { curves in
                    curves.lines.contains { !curves.values(of: score, $0).isEmpty }
                } ?? false
            }
        }
    }
}

extension SearchCurves {
    /// A score of a strategy at a budget; nil where it was not measured.
    func value(of score: String, _ strategy: Search.Strategy, at budget: Int) -> Double? {
        guard let line = lines.first(where: { $0.strategy == strategy }), let place = budgets.firstIndex(of: budget)
        else { return nil }
        let values = values(of: score, line)
        return values.isEmpty ? nil : values[place]
    }
}
