import Foundation
import TestSupport
import Testing
import ablate_torture

@testable import Reporting
@testable import Results
@testable import Storage
@testable import Study

@Suite("Records that were not written here are left out with a reason, and never end the program")
struct CraftedRecordTests {
    let folder = TemporaryFolder()

    /// A record with every part that a record may have.
    private func whole() throws -> Record {
        let record = try SampleRecord.make(
            [SampleRecord.coordinate("objective", "a"), SampleRecord.coordinate("seed", "0")],
            scores: [("frechetDistance", 0.5), ("frechetDistance@4", 0.25)],
            samples: SavedSamples(
                student: [1, 2, 3, 4], teacher: [1, 2, 3, 5], labels: [0, 1], dimension: 2,
                inSteps: [.init(steps: 4, values: [1, 2, 3, 4])]),
            drift: Drift(durations: [0.5, 1], student: [0.1, 0.2], ceiling: [0.3, 0.4]))
        return Record(
            run: record.run, identity: record.identity, outcome: record.outcome, training: record.training,
            evaluation: record.evaluation, reference: record.reference, features: record.features,
            drift: record.drift,
            search: SearchCurves(
                budgets: [7, 14],
                lines: [.init(strategy: .steps, evaluations: [7, 14], score: [0.1, 0.2], distance: [])]),
            samples: record.samples, provenance: record.provenance,
            overTraining: SampleSnapshots(steps: [20], values: [[1, 2]], dimension: 2),
            trajectories: Trajectories(
                durations: [0, 1], student: [[1, 2], [3, 4]], teacher: [[1, 2], [3, 4]], dimension: 2))
    }

    /// Reads a crafted record as every verb does, and shows what can be read.
    /// - Returns: whether it was taken.
    private func isTaken(_ path: String) throws -> Bool {
        let study = parentFolder(parentFolder(path))
        do {
            let results = try StudyResults.read(study)
            _ = results.plots()
            _ = StudyTable(results.records, scores: .all).table.csv
            _ = results.measurements.csv
            try results.writeHDF5(to: folder.file("study.h5"))
            _ = try Page([.init(results, drawings: [])]).html()
            return true
        } catch is InputError {
            return false
        }
    }

    private func parentFolder(_ path: String) -> String { (path as NSString).deletingLastPathComponent }

    @Test("each attribute and each list of numbers is mutated, one at a time")
    func mutants() throws {
        let source = folder.file("source.h5"), path = folder.file("tiny/objective=a,seed=0/run.h5")
        try whole().write(to: source)
        try ResultsFolder.create(parentFolder(path))
        var crafted = 0, refused = 0
        while true {
            let mutation = try HDF5File.read(source) { original -> RecordMutation in
                var mutation = RecordMutation(number: crafted)
                try HDF5File.write(to: path) { try mutation.copy(original, to: $0) }
                return mutation
            }
            guard mutation.isMade else { break }
            crafted += 1
            if try !isTaken(path) { refused += 1 }
        }
        #expect(crafted > 300 && refused > 150, "\(refused) of \(crafted) were refused")
    }

    @Test("a flipped bit in a record without its journal is found")
    func bits() throws {
        let path = folder.file("tiny/objective=a,seed=0/run.h5")
        try ResultsFolder.create(parentFolder(path))
        try whole().write(to: path)
        #expect(try isTaken(path))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for number in 0..<300 {
            var damaged = bytes
            damaged[number * (bytes.count - 46) / 300] ^= 1 << UInt8(number % 8)
            try damaged.write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: RecordError.self) { try Record.read(path) }
            #expect(error?.found == "other bytes than were sealed in it")
        }
    }

    @Test("names that lead out of the folder are refused before anything is written")
    func names() throws {
        let record = try whole()
        for (study, point) in [("../../..", record.run.point), ("tiny", "../PWNED"), ("/tmp", record.run.point)] {
            let run = Run(
                study: study, point: point, coordinates: record.run.coordinates, position: 0,
                specification: record.run.specification)
            let path = folder.file("crafted.h5")
            try Record(
                run: run, identity: record.identity, outcome: record.outcome, training: record.training,
                evaluation: record.evaluation, reference: record.reference, features: record.features, drift: nil,
                samples: nil, provenance: record.provenance
            ).write(to: path)
            #expect(throws: RecordError.self, "\(study) \(point)") { try Record.read(path) }
        }
    }
}
