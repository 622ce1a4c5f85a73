import FlowMaps
import Results
import Study

extension ArmFact {
    var column: Table.Column {
        switch self {
        case .dataBased: Table.Column("data-based?", alignment: .left)
        case .teacher: Table.Column("teacher?", alignment: .left)
        case .evaluations: Table.Column("evaluations")
        case .steps: Table.Column("training steps")
        case .images: Table.Column("images seen")
        case .cost: Table.Column("training cost", unit: "forward passes")
        case .seconds: Table.Column("training", unit: "s")
        case .runs: Table.Column("runs")
        }
    }

    /// The cell of an arm.
    /// - Parameter records: all records of the arm, at least one.
    func cell(_ records: [Record]) -> Table.Cell {
        let students = records.map(\.run.specification.student)
        let areFiles = records.allSatisfy { $0.run.specification.studentSource.checkpoint != nil }
        let done = records.filter { $0.outcome == .done }
        switch self {
        case .dataBased where areFiles, .teacher where areFiles: return .text("a file")
        case .dataBased: return Self.same(students.map { $0.method.isDataFree ? "no" : "yes" })
        case .teacher: return Self.same(students.map(\.method.teacherUse.words))
        case .evaluations: return StudyTable.evaluations(of: records)
        case .steps:
            let steps = Set(students.map(\.optimization.steps)).sorted()
            return steps.count == 1 ? .count(steps[0]) : .mean(of: students.map { Double($0.optimization.steps) })
        case .images:
            let images = Set(students.map { $0.optimization.steps * $0.optimization.batch })
            return images.count == 1
                ? .count(images.first!)
                : .mean(of: students.map { Double($0.optimization.steps * $0.optimization.batch) })
        case .cost:
            let costs = students.map(\.trainingCost)
            return Set(costs).count == 1 ? .number(costs[0]) : .mean(of: costs)
        case .seconds: return .mean(of: done.map(\.provenance.trainingSeconds))
        case .runs:
            let diverged = records.count - done.count
            return .text(diverged == 0 ? "\(done.count)" : "\(done.count), \(diverged) diverged")
        }
    }

    private static func same(_ words: [String]) -> Table.Cell {
        .text(Set(words).count == 1 ? words[0] : Set(words).sorted().joined(separator: ", "))
    }
}

extension Method.TeacherUse {
    fileprivate var words: String {
        switch self {
        case .evaluated: "yes"
        case .start: "to start"
        case .none: "no"
        }
    }
}

/// A column of a study's table besides those that name an arm: a score, or a fact.
enum StudyColumn: Hashable, Sendable {
    case score(String)
    case fact(ArmFact)

    var isFact: Bool { if case .fact = self { true } else { false } }

    /// A fact where the name is that of one, else a score.
    init(_ name: String) { self = ArmFact(rawValue: name).map(StudyColumn.fact) ?? .score(name) }

    /// The columns that a table shows for a choice: the named ones, or the usual ones.
    static func all(_ choice: ScoreChoice, of records: [Record]) -> [StudyColumn] {
        let known = StudyTable.scoreNames(of: records)
        guard case .named(let names) = choice else {
            return choice.chosen(of: known).map(StudyColumn.score)
                + [ArmFact.evaluations, .seconds, .runs].map(StudyColumn.fact)
        }
        let columns = names.map(StudyColumn.init).filter {
            if case .score(let name) = $0 { known.contains(name) } else { true }
        }
        // Nothing hides that runs diverged.
        let isWhole = records.allSatisfy { $0.outcome == .done } || columns.contains(.fact(.runs))
        return columns + (isWhole ? [] : [.fact(.runs)])
    }
}

extension StudyColumn {
    /// - Parameter origin: the classifiers whose features scores are taken on; nil where there is none.
    func heading(origin: String?) -> Table.Column {
        switch self {
        case .score(let name):
            Table.Column(StudyTable.title(name), origin: Metric(score: name)?.readsFeatures == true ? origin : nil)
        case .fact(let fact): fact.column
        }
    }
}

extension StudyTable {
    /// The names that a table may have columns of: every score of the records, then every fact.
    public static func columnNames(of records: [Record]) -> [String] {
        scoreNames(of: records) + ArmFact.allCases.map(\.rawValue)
    }
}
