import FlowMaps

/// The table of a study, from its records alone: a row an arm, numbers as means over seeds, and the teacher between whose scores
/// students are expected.
public struct StudyTable: Sendable {
    public let table: Table

    /// The axis whose values are repetitions of one arm.
    public static let replicateAxis = "seed"

    /// Network evaluations of a student's sample: one jump.
    static let studentEvaluations = 1

    public init(_ records: [Record], scores: ScoreChoice = .few) {
        let axes = Self.axes(of: records)
        let known = Self.scoreNames(of: records), names = scores.chosen(of: known)
        let origin = Self.origin(of: records)
        let arms = Self.columns(for: axes)
        var table = Table(
            columns: arms
                + names.map {
                    Table.Column(Self.title($0), origin: Metric(rawValue: $0)?.readsFeatures == true ? origin : nil)
                } + [
                    Table.Column("evaluations"), Table.Column("training", unit: "s"), Table.Column("runs"),
                ])
        for arm in Self.arms(of: records, along: axes) {
            let done = arm.records.filter { $0.outcome == .done }
            var row = Self.cells(of: arm.labels)
            for name in names { row.append(.mean(of: done.compactMap { $0.evaluation.last[name] })) }
            row.append(.count(Self.studentEvaluations))
            row.append(.mean(of: done.map(\.provenance.trainingSeconds)))
            let diverged = arm.records.count - done.count
            row.append(.text(diverged == 0 ? "\(done.count)" : "\(done.count), \(diverged) diverged"))
            table.append(row)
        }
        for reference in Self.references(of: records) {
            for (label, scores, evaluations) in reference {
                table.append(
                    [.text(label)] + Array(repeating: .missing, count: arms.count - 1)
                        + names.map { name in scores[name].map { .number($0, digits: 3) } ?? .missing }
                        + [.count(evaluations), .missing, .missing])
            }
        }
        table.notes = Self.notes(on: records, shown: names, measured: known)
        self.table = table
    }

    /// The columns that name an arm. A study without axes still has one that says whose scores a row has.
    static func columns(for axes: [String]) -> [Table.Column] {
        (axes.isEmpty ? ["samples of"] : axes).map { Table.Column($0, alignment: .left) }
    }

    /// The cells that name an arm; one on which an axis does not apply is missing.
    static func cells(of labels: [String?]) -> [Table.Cell] {
        labels.isEmpty ? ["student"] : labels.map { $0.map { .text($0) } ?? .missing }
    }

    /// Axes other than that of repetitions, in the study's order.
    static func axes(of records: [Record]) -> [String] {
        records.map(\.run).axes.filter { $0 != replicateAxis }
    }

    /// The scores that any record has, in their order.
    public static func scoreNames(of records: [Record]) -> [String] {
        var names: [String] = []
        for name in records.flatMap({ $0.evaluation.names + $0.reference.floor.names }) where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    static func arms(of records: [Record], along axes: [String]) -> [(labels: [String?], records: [Record])] {
        var arms: [(labels: [String?], records: [Record])] = []
        for record in records {
            let labels = axes.map { record.run[$0] }
            if let index = arms.firstIndex(where: { $0.labels == labels }) {
                arms[index].records.append(record)
            } else {
                arms.append((labels, [record]))
            }
        }
        return arms
    }

    /// Each different teacher once: by its sampler and by one Euler step.
    private static func references(of records: [Record]) -> [[(String, Scores, Int)]] {
        // By identity, not by scores, of which some may be NaN and so unequal to themselves.
        var seen: Set<Identity> = []
        return records.filter { seen.insert(RunWork(run: $0.run).reference.identity).inserted }.map { record in
            let reference = record.reference, sampler = record.run.specification.evaluation.teacher.sampler
            return [
                ("teacher, \(sampler.description)", reference.floor, reference.floorEvaluations),
                ("teacher, 1 Euler step", reference.ceiling, reference.ceilingEvaluations),
            ]
        }
    }

    /// `frechetDistance` → "Fréchet distance": the words of a score's name.
    static func title(_ name: String) -> String {
        if name == "frechetDistance" { return "Fréchet distance" }
        var words = ""
        for character in name {
            if character.isUppercase { words += " " }
            words += character.isUppercase && name.hasSuffix("Wasserstein") ? String(character) : character.lowercased()
        }
        return words
    }
}

extension Sampler: CustomStringConvertible {
    /// "64 Heun steps".
    public var description: String {
        let name =
            switch self {
            case .euler: "Euler"
            case .heun: "Heun"
            }
        return "\(steps) \(name) step\(steps == 1 ? "" : "s")"
    }
}

extension ResultsFolder {
    /// Writes the table and the comparison of samples of a study, from its records.
    /// - Returns: the table and the paths written.
    public func summarise(_ study: String, _ records: [Record]) throws -> (table: Table, paths: [String]) {
        let table = StudyTable(records).table
        let folder = self.study(study)
        var paths: [String] = []
        func write(_ text: String, _ name: String) throws {
            try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)")
            paths.append("\(folder)/\(name)")
        }
        try write(StudyTable(records, scores: .all).table.csv, "table.csv")
        try write(table.markdown, "table.md")
        // One run an arm: its first seed that has samples.
        var arms: Set<[SweepPoint.Coordinate]> = []
        let shown = records.filter { $0.samples != nil }.filter { record in
            arms.insert(record.run.coordinates.filter { $0.axis != StudyTable.replicateAxis }).inserted
        }
        if !shown.isEmpty, try !Record.drawComparison(shown, to: "\(folder)/grid.png").isEmpty {
            paths.append("\(folder)/grid.png")
        }
        return (table, paths)
    }
}
