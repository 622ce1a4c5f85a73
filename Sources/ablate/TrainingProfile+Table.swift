import Execution
import Reporting
import Results
import Storage
import Study

extension TrainingProfile {
    /// By primitive, of several trainings.
    static func table(_ profiles: [(title: String, profile: TrainingProfile)]) -> Table {
        var table = Table(columns: [Table.Column("training", alignment: .left)] + columns("primitive"))
        for (title, profile) in profiles {
            for row in rows(profile.primitives) { table.append([.text(title)] + row) }
        }
        return table
    }

    /// Both tables, as they are kept.
    var text: String {
        [("primitive", primitives), ("instruction", instructions)].map { name, parts in
            Table(columns: Self.columns(name), rows: Self.rows(parts)).text(.unicode, style: .plain)
        }.joined(separator: "\n")
    }

    private static func columns(_ name: String) -> [Table.Column] {
        [
            Table.Column(name, alignment: .left), Table.Column("calls"), Table.Column("time", unit: "ms"),
            Table.Column("share", unit: "%"), Table.Column("GFLOP/s"), Table.Column("read and written", unit: "MB"),
            Table.Column("GB/s"),
        ]
    }

    private static func rows(_ parts: [Part]) -> [[Table.Cell]] {
        let total = parts.reduce(0) { $0 + $1.seconds }
        return parts.map { part in
            let rate = part.seconds > 0 ? 1e-9 / part.seconds : 0
            return [
                .text(part.name), .count(part.calls), .number(1e3 * part.seconds),
                total > 0 ? .number(100 * part.seconds / total) : .missing,
                part.operations > 0 ? .number(part.operations * rate) : .missing, .number(1e-6 * part.bytes),
                .number(part.bytes * rate),
            ]
        }
    }
}

extension Worker.Notice {
    /// Leaves the profile of a training beside its product, where the notice is one. Where it cannot be written, nothing is lost.
    func keepProfile(of stage: Stage, in results: ResultsFolder) {
        guard case .profiled(let profile) = self else { return }
        try? AtomicFile.write(Array(profile.text.utf8), to: results.profile(stage))
    }
}
