import Foundation
import Results
import Specification
import Study

/// A comparison of runs or studies: their scores, and the difference of each from the first.
package struct ArmComparison: Sendable {
    /// One of the runs or studies compared.
    package struct Subject: Sendable {
        package let path: String
        package let content: Content

        package enum Content: Sendable {
            case run(Record)
            case study(StudyResults)
        }

        /// The same with the records that meet a condition; a run as it is.
        package func filtered(_ isChosen: (Record) -> Bool) -> Subject {
            guard case .study(let study) = content else { return self }
            return Subject(path: path, content: .study(study.keeping(study.records.filter(isChosen))))
        }

        package var records: [Record] {
            switch content {
            case .run(let record): [record]
            case .study(let study): study.records
            }
        }

        /// Reads a record, the folder of a run, or that of a study from a path.
        /// - Throws: `InputError` where there is none of these, and what a damaged record throws.
        package static func read(_ path: String) throws -> Subject {
            let inside = "\(path)/run.h5"
            if FileManager.default.fileExists(atPath: inside) {
                return Subject(path: path, content: .run(try ResultsFolder.verifiedRecord(inside)))
            }
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
                return Subject(path: path, content: .run(try ResultsFolder.verifiedRecord(path)))
            }
            return Subject(path: path, content: .study(try StudyResults.read(path)))
        }
    }

    let subjects: [Subject]
    /// The numbers that are compared.
    let quantities: [Quantity]

    /// A number of a record.
    enum Quantity: Hashable, Sendable {
        case score(String)
        /// The student's drift from the teacher's path after a duration.
        case drift(after: Double)
    }

    /// The quantities that subjects are compared by.
    package enum Criterion: Sendable {
        /// The chosen ones of the scores that any subject has.
        case scores(ScoreChoice)
        /// The drift after each duration that any was measured at.
        case drift
    }

    /// A score by whose mean over all subjects arms are sorted, and how many are shown; nil for their order, and for all.
    let sort: String?
    let top: Int?

    /// - Parameter subjects: at least two.
    package init(
        _ subjects: [Subject], by matter: Criterion = .scores(.few), sort: String? = nil, top: Int? = nil
    ) {
        (self.sort, self.top) = (sort, top)
        precondition(subjects.count > 1, "\(subjects.count) things cannot be compared")
        self.subjects = subjects
        quantities =
            switch matter {
            case .scores(let choice): choice.chosen(of: Self.scoreNames(of: subjects)).map { .score($0) }
            case .drift: StudyTable.driftDurations(of: subjects.flatMap(\.records)).map { .drift(after: $0) }
            }
    }

    /// None of the subjects has any of the quantities.
    package var isEmpty: Bool { quantities.isEmpty }

    /// The scores that any of the subjects has, in their order.
    package static func scoreNames(of subjects: [Subject]) -> [String] {
        StudyTable.scoreNames(of: subjects.flatMap(\.records))
    }

    /// The confidence of the intervals of differences.
    static let confidence = 0.95

    /// Runs as they are; arms of studies paired by their coordinates as soon as one of the subjects is a study.
    package var table: Table {
        let areRuns = subjects.allSatisfy { if case .run = $0.content { true } else { false } }
        return areRuns ? runs : arms
    }

    /// The letter of a subject in a title: A, B, …
    static func letter(_ index: Int) -> String {
        index < 26 ? String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))) : "\(index + 1)"
    }

    /// The subject of each letter, a line each.
    package var legend: [String] { subjects.enumerated().map { "\(Self.letter($0.offset)): \($0.element.path)" } }
}

extension ArmComparison.Quantity {
    var title: String {
        switch self {
        case .score(let name): StudyTable.title(name)
        case .drift(let duration): "drift, δ = \(NumberFormat.text(duration))"
        }
    }

    /// The quantity in a record; nil where the record does not have it.
    func value(of record: Record) -> Double? {
        switch self {
        case .score(let name): record.evaluation.last[name]
        case .drift(let duration): record.drift?[duration]
        }
    }
}
