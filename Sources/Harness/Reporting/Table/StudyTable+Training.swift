import Results

extension StudyTable {
    /// One score over training: a row an arm, a column a step at which any run was measured, means over seeds.
    /// - Parameter score: one of `scoreNames`.
    public static func overTraining(_ score: String, _ records: [Record]) -> Table {
        let axes = axes(of: records)
        let steps = Set(records.flatMap(\.evaluation.steps)).sorted()
        var table = Table(columns: columns(for: axes) + steps.map { Table.Column("step \($0)") })
        for arm in arms(of: records, along: axes) {
            table.append(
                cells(of: arm.labels)
                    + steps.map { step in .mean(of: arm.records.compactMap { $0.value(of: score, at: step) }) })
        }
        return table.ranked(risingFrom: max(1, axes.count))
    }
}

extension Record {
    /// A score at a step; nil where the run was not measured there.
    fileprivate func value(of score: String, at step: Int) -> Double? {
        guard let index = evaluation.steps.firstIndex(of: step), let column = evaluation[score] else { return nil }
        return column[index]
    }
}
