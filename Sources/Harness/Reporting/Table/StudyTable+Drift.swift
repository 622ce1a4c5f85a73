import Results
import Specification

extension StudyTable {
    /// The drift of each arm from the teacher's path: a row per arm, a column per duration δ of the jump, means over
    /// seeds; below them the one Euler step of each teacher. Nil where it was not measured.
    public static func drift(_ records: [Record]) -> Table? {
        let measured = records.filter { $0.outcome == .done && $0.drift != nil }
        guard !measured.isEmpty else { return nil }
        let axes = axes(of: measured), durations = driftDurations(of: measured)
        let arms = columns(for: axes)
        var table = Table(columns: arms + durations.map { Table.Column("δ = \(NumberFormat.text($0))") })
        for arm in self.arms(of: measured, along: axes) {
            table.append(
                cells(of: arm.labels)
                    + durations.map { duration in .mean(of: arm.records.compactMap { $0.drift?[duration] }) })
        }
        var teachers: [Drift] = []
        for drift in measured.compactMap(\.drift) where !teachers.contains(where: { $0.ceiling == drift.ceiling }) {
            teachers.append(drift)
        }
        for teacher in teachers {
            table.append(
                ["teacher, 1 Euler step"] + Array(repeating: .missing, count: arms.count - 1)
                    + durations.map { duration in
                        teacher.durations.firstIndex(of: duration).map { .number(teacher.ceiling[$0]) } ?? .missing
                    })
        }
        table.notes = ["‖student − teacher‖ / ‖teacher‖ at 1 − δ, of the first samples after the training."]
        return table.ranked(risingFrom: arms.count)
    }

    /// Every duration that any record has a drift of, rising.
    static func driftDurations(of records: [Record]) -> [Double] {
        Set(records.compactMap(\.drift).flatMap(\.durations)).sorted()
    }
}

extension Drift {
    /// The student's drift after a duration; nil for one that was not measured.
    subscript(duration: Double) -> Double? { durations.firstIndex(of: duration).map { student[$0] } }
}
