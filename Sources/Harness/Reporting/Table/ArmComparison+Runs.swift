import Results
import Specification
import Study

extension ArmComparison {
    /// A row a quantity: each run's, and its difference to the first.
    var runs: Table {
        let letters = subjects.indices.map(Self.letter)
        var table = Table(
            columns: [.init("score", alignment: .left)] + letters.map { .init($0) }
                + letters.dropFirst().map { .init("\($0) − A") })
        for quantity in quantities {
            let values = subjects.map { quantity.value(of: $0.records[0]) }
            let differences = values.dropFirst().map { value -> Table.Cell in
                guard let value, let first = values[0] else { return .missing }
                return .number(value - first)
            }
            table.append(
                [.text(quantity.title)] + values.map { $0.map { .number($0, digits: 4) } ?? .missing }
                    + differences)
        }
        table.append(
            ["training (s)"] + subjects.map { .number($0.records[0].provenance.trainingSeconds) }
                + subjects.dropFirst().map {
                    .number(
                        $0.records[0].provenance.trainingSeconds - subjects[0].records[0].provenance.trainingSeconds)
                })
        return table
    }

    /// A row a setting in which any run differs from the first; nil where a subject is a study, and where none differs.
    package var settings: Table? {
        let records = subjects.compactMap { subject -> Record? in
            if case .run(let record) = subject.content { record } else { nil }
        }
        guard records.count == subjects.count else { return nil }
        let values = records.compactMap { try? CanonicalEncoder().encode($0.run.specification) }
        guard values.count == records.count else { return nil }
        let changes = values.map { $0.differences(from: values[0]) }
        var paths: [String] = []
        for path in changes.flatMap({ $0 }).map(\.path) where !paths.contains(path) { paths.append(path) }
        guard !paths.isEmpty else { return nil }
        var table = Table(
            columns: [.init("setting", alignment: .left)]
                + subjects.indices.map { .init(Self.letter($0), alignment: .left) })
        for path in paths {
            let own = changes.map { $0.first { $0.path == path } }
            let first = own.compactMap { $0 }.first?.old
            table.append(
                [.text(path)] + own.map { change in (change.map(\.new) ?? first).map { .text($0.summary) } ?? .missing }
            )
        }
        return table
    }
}
