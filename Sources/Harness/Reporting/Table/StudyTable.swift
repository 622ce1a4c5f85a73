import FlowMaps
import Results
import Specification
import Storage
import Study

/// The table of a study, from its records alone: a row per arm, numbers as means over seeds, and the teacher's
/// scores, between which students are expected.
public struct StudyTable: Sendable {
    /// The table.
    public let table: Table

    /// - Parameter scores: the columns besides those that name an arm; named columns may be facts too, and replace
    ///   all others.
    /// - Parameters:
    ///   - sort: a score by whose mean the arms are sorted, the lowest first; arms without it come last. Nil keeps the study's
    ///     order.
    ///   - top: so many arms are shown, from the first; nil shows all.
    public init(_ records: [Record], scores: ScoreChoice = .few, sort: String? = nil, top: Int? = nil) {
        let axes = Self.axes(of: records), arms = Self.columns(for: axes)
        let columns = StudyColumn.all(scores, of: records), origin = Self.origin(of: records)
        var table = Table(columns: arms + columns.map { $0.heading(origin: origin) })
        for arm in Self.sorted(Self.arms(of: records, along: axes), by: sort).prefix(top ?? .max) {
            let done = arm.records.filter { $0.outcome == .done }
            table.append(
                Self.cells(of: arm.labels)
                    + columns.map { column -> Table.Cell in
                        switch column {
                        case .score(let name): .mean(of: done.compactMap { $0.evaluation.last[name] })
                        case .fact(let fact): fact.cell(arm.records)
                        }
                    })
        }
        for reference in Self.references(of: records) {
            for (label, scores, evaluations) in reference {
                table.append(
                    [.text(label)] + Array(repeating: .missing, count: arms.count - 1)
                        + columns.map { column -> Table.Cell in
                            switch column {
                            case .score(let name): scores[name].map { .number($0, digits: 3) } ?? .missing
                            case .fact(.evaluations): .count(evaluations)
                            case .fact: .missing
                            }
                        })
            }
        }
        let shown = columns.compactMap { column -> String? in if case .score(let name) = column { name } else { nil } }
        table.notes = Self.notes(on: records, shown: shown, measured: Self.scoreNames(of: records))
        self.table = Self.ranked(table, columns, after: arms.count, of: records)
    }

    /// The table with the columns that may be left out on a narrow terminal: scores in their order, then facts; the number of runs
    /// stays where some diverged.
    private static func ranked(
        _ table: Table, _ columns: [StudyColumn], after arms: Int, of records: [Record]
    ) -> Table {
        let hasDiverged = records.contains { $0.outcome != .done }
        let order = columns.indices.sorted { (columns[$0].isFact ? 1 : 0, $0) < (columns[$1].isFact ? 1 : 0, $1) }
        var importance = [Int](repeating: 0, count: columns.count)
        for (rank, column) in order.enumerated() where rank > 0 {
            importance[column] = hasDiverged && columns[column] == .fact(.runs) ? 0 : rank
        }
        return table.ranked(Array(repeating: 0, count: arms) + importance)
    }

    /// The arms by the mean of a score, the lowest first; those without it stay behind the others, in their order.
    static func sorted(
        _ arms: [(labels: [String?], records: [Record])], by score: String?
    ) -> [(labels: [String?], records: [Record])] {
        guard let score else { return arms }
        let keyed = arms.enumerated().map {
            place, arm -> (arm: (labels: [String?], records: [Record]), key: Double, place: Int) in
            let values = arm.records.filter { $0.outcome == .done }.compactMap { $0.evaluation.last[score] }
            let mean = values.isEmpty ? .infinity : values.reduce(0, +) / Double(values.count)
            return (arm, mean.isNaN ? .infinity : mean, place)
        }
        return keyed.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.arm)
    }

    /// The columns that name an arm. A study without axes has one too, which says whose scores a row has.
    static func columns(for axes: [String]) -> [Table.Column] {
        (axes.isEmpty ? ["samples of"] : axes).map { Table.Column($0, alignment: .left) }
    }

    /// The cells that name an arm; one on which an axis does not apply is missing.
    static func cells(of labels: [String?]) -> [Table.Cell] {
        labels.isEmpty ? ["student"] : labels.map { $0.map { .text($0) } ?? .missing }
    }

    /// Axes other than that of repetitions, in the study's order.
    static func axes(of records: [Record]) -> [String] {
        records.map(\.run).axes.filter { $0 != Study.seedAxis }
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
        var groups: [(identity: Identity, records: [Record])] = []
        // A teacher that diverged has no scores.
        for record in records where !record.reference.floor.names.isEmpty {
            let identity = RunStage(run: record.run).reference.identity
            if let index = groups.firstIndex(where: { $0.identity == identity }) {
                groups[index].records.append(record)
            } else {
                groups.append((identity, [record]))
            }
        }
        return groups.map { group in
            let record = group.records[0], reference = record.reference
            let others = groups.filter { $0.identity != group.identity }.flatMap(\.records)
            let teacher = own(group.records, beside: others).map { "teacher of \($0)" } ?? "teacher"
            let sampler = record.run.specification.evaluation.teacher.sampler
            return [
                ("\(teacher), \(sampler.description)", reference.floor, reference.floorEvaluations),
                ("\(teacher), 1 Euler step", reference.ceiling, reference.ceilingEvaluations),
            ]
        }
    }

    /// The values of an axis that some records have and no others, in words, where there are few.
    private static func own(_ records: [Record], beside others: [Record]) -> String? {
        guard !others.isEmpty else { return nil }
        let values = axes(of: records).compactMap { axis -> [String]? in
            var own: [String] = []
            for value in records.map({ $0.run[axis] ?? "" }) where !own.contains(value) { own.append(value) }
            let foreign = others.contains { own.contains($0.run[axis] ?? "") }
            return foreign || own.contains("") || own.count > 3 ? nil : own
        }
        return values.min { $0.count < $1.count }?.joined(separator: ", ")
    }

    /// Network evaluations of a student's sample: "1", or "1, 2, 4, 8".
    static func evaluations(of records: [Record]) -> Table.Cell {
        let counts = Set(
            records.flatMap { record in
                let specification = record.run.specification
                return specification.mapSteps.map(specification.student.evaluations(steps:))
            }
        ).sorted()
        return counts.count == 1 ? .count(counts[0]) : .text(counts.map(String.init).joined(separator: ", "))
    }

    /// `frechetDistance` → "Fréchet distance", `recall@4` → "recall @4": the words of a score's name.
    static func title(_ name: String) -> String {
        let score = ScoreName(name)
        guard score.steps == 1 else { return "\(title(score.metric)) @\(score.steps)" }
        let reference = MetricReference.name(inScore: name)
        if reference != MetricReference.teacherName {
            return title(String(name.dropLast(reference.count + 1)), against: reference)
        }
        if name == "frechetDistance" { return "Fréchet distance" }
        var words = ""
        for character in name {
            if character.isUppercase { words += " " }
            words += character.isUppercase && name.hasSuffix("Wasserstein") ? String(character) : character.lowercased()
        }
        return words
    }

    /// The words of a score that is not taken against the teacher's samples: "Fréchet distance to data", "recall against data".
    private static func title(_ name: String, against reference: String) -> String {
        let metric = Metric(rawValue: name)
        // Training rows are the data's alone.
        if metric?.comparison == .trainingRows { return title(name) }
        return "\(title(name)) \(metric?.isDistance == true ? "to" : "against") \(reference)"
    }
}

extension Sampler: CustomStringConvertible {
    /// "64 Heun steps".
    public var description: String {
        let name: String
        switch self {
        case .euler(_, let grid): name = (grid?.description ?? "") + "Euler"
        case .heun(_, let grid): name = (grid?.description ?? "") + "Heun"
        case .sde: name = "SDE"
        case .adaptive(let relative, _): return "adaptive to \(NumberFormat.text(relative))"
        }
        return "\(steps) \(name) step\(steps == 1 ? "" : "s")"
    }
}

extension ResultsFolder {
    /// Writes the table and the comparison of samples of a study, from its records.
    /// - Returns: the table and the paths written.
    /// - Parameter scores: the columns of the table; the file for programs has all.
    package func summarise(
        _ study: String, _ records: [Record], scores: ScoreChoice = .few
    ) throws -> (table: Table, paths: [String]) {
        let table = StudyTable(records, scores: scores).table
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
        let shown = records.filter { $0.lengths.samples != nil }.filter { record in
            arms.insert(record.run.coordinates.filter { $0.axis != Study.seedAxis }).inserted
        }
        let grid = "\(folder)/grid.png"
        if !shown.isEmpty, try !Record.drawComparison(shown, to: grid).isEmpty {
            paths.append(grid)
        } else {
            // A picture of samples that no record of the study has any more.
            _ = try Self.setAside(grid)
        }
        return (table, paths)
    }
}

extension TimeGrid {
    /// "shifted " or "Karras ", before the name of a sampler.
    fileprivate var description: String {
        switch self {
        case .shift(let factor): "shifted (\(NumberFormat.text(factor))) "
        case .karras(_, _, let rho): "Karras (\(NumberFormat.text(rho))) "
        }
    }
}
