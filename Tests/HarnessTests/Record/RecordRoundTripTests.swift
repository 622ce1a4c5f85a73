import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("A record comes back from its file as it was")
struct RecordRoundTripTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("run.h5") }

    private func expectRoundTrip(_ record: Record, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try record.write(to: path)
        let found = SampleRecord.text(try Record.read(path)), expected = SampleRecord.text(record)
        for (found, expected) in zip(found, expected) { #expect(found == expected, sourceLocation: sourceLocation) }
        #expect(folder.names() == ["run.h5"])
    }

    @Test("with samples, classes and numbers on its axes")
    func whole() throws {
        let samples = SavedSamples(
            student: [0, 1, 2, 3], teacher: [0.5, -1, .pi, 1e-30], labels: [4, 7], dimension: 2)
        try expectRoundTrip(
            SampleRecord.make(
                [
                    .init(axis: "objective", label: "combined", number: nil),
                    .init(axis: "strength", label: "0.25", number: 0.25),
                ],
                position: 11, scores: [("frechetDistance", 0.1), ("pairedError", 1.0 / 3)], samples: samples))
        try expectRoundTrip(
            SampleRecord.make([], samples: SavedSamples(student: [1, 3], teacher: [2, 4], labels: nil, dimension: 2)))
    }

    @Test("with the source of its features and its drift")
    func features() throws {
        let drift = Drift(durations: [0.5, 1], student: [0.25, 1.0 / 3], ceiling: [0.5, .nan])
        let identity = Identity(hashing: [1, 2, 3])
        try expectRoundTrip(
            SampleRecord.make([], features: .classifier(identity, heldOutAccuracy: 0.98), drift: drift))
        try HDF5File.read(path) { root in
            let group = try root.group("evaluation")
            #expect(try group.dataset("frechetDistance").string("features") == "classifier \(identity.short)")
        }
        try expectRoundTrip(SampleRecord.make([], features: .coordinates))
    }

    @Test("with scores and samples in several steps, which lie in blocks over their numbers")
    func inSteps() throws {
        let samples = SavedSamples(
            student: [0, 1, 2, 3], teacher: [4, 5, 6, 7], labels: nil, dimension: 2,
            inSteps: [.init(steps: 2, values: [8, 9, 10, 11]), .init(steps: 8, values: [12, 13, 14, 15])])
        let scores = [
            ("frechetDistance", 0.5), ("recall", 0.25), ("dataDiscrepancy", 7), ("frechetDistance@2", 0.125),
            ("recall@2", 1), ("frechetDistance@8", 0.0625), ("recall@8", .nan),
        ]
        try expectRoundTrip(SampleRecord.make([], scores: scores, samples: samples, features: .coordinates))
        try HDF5File.read(path) { root in
            #expect(try root.dataset("fewSteps/recall").dimensions() == ["mapSteps", "step"])
            #expect(try root.read("fewSteps/frechetDistance", as: Double.self).values == [0.125, 0.0625])
            #expect(try root.group("evaluation").datasetNames().contains("frechetDistance@2") == false)
            #expect(try root.dataset("fewSteps/recall").string("features") == "coordinates")
            let block = try root.dataset("samples/studentInSteps")
            #expect(block.shape == [2, 2, 2])
            #expect(try block.dimensions() == ["mapSteps", "sample", "element"])
        }
        let record = try Record.read(path)
        #expect(record.samples?.steps == [1, 2, 8] && record.samples?.student(in: 8) == [12, 13, 14, 15])
        #expect(record.samples?.student(in: 3) == nil)
    }

    @Test("with samples over training and ways from noise to data")
    func ways() throws {
        var record = try SampleRecord.make([])
        record.overTraining = SampleSnapshots(
            steps: [10, 20], values: [[1, 2, 3, 4], [5, 6, 7, .nan]], dimension: 2)
        record.trajectories = Trajectories(
            durations: [0, 0.5, 1], student: [[1, 2], [3, 4], [5, 6]], teacher: [[1, 2], [3.5, 4], [5, 6.5]],
            dimension: 2)
        try expectRoundTrip(record)
        let found = try Record.read(path)
        #expect("\(found.overTraining!)" == "\(record.overTraining!)" && found.trajectories == record.trajectories)
        #expect(RecordDiff(record, found).isBitwiseSame)
        record.trajectories = nil
        #expect(
            RecordDiff(record, found).measured.map(\.name)
                == ["student's trajectories", "teacher's trajectories"]
                .map { "samples of the \($0)" })
    }

    @Test("without samples and measurements, diverged")
    func diverged() throws {
        try expectRoundTrip(
            SampleRecord.make([], outcome: .diverged(step: 3, cause: "loss is nan at step 3 – „Größe“")))
    }

    @Test("with scores that are no numbers")
    func notFinite() throws {
        try expectRoundTrip(
            SampleRecord.make([], scores: [("a", .nan), ("b", .infinity), ("c", -.infinity)], floor: .nan))
    }

    @Test("with axes of any name")
    func axes() throws {
        let names = ["order", "numbers", "x", "x.number", "names", "axes", "step"]
        try expectRoundTrip(SampleRecord.make(names.map { SampleRecord.coordinate($0, "0.5") }))
        try expectRoundTrip(SampleRecord.make(names.reversed().map { SampleRecord.coordinate($0, "word") }))
    }

    @Test("as a worker left it")
    func real() throws {
        let results = ResultsFolder(folder.file("results"))
        let run = try Study(yaml: TinyStudy.digits, file: "study.yaml").runs[3]
        let stage = Stage.run(RunStage(run: run))
        let worker = Worker(results: results)
        for piece in stage.needs + [stage] { #expect(worker.carryOut(piece) == .done) }
        let record = try Record.read(results.record(run))
        #expect(record.run == run)
        #expect(record.identity == stage.identity)
        try record.write(to: path)
        #expect(SampleRecord.text(try Record.read(path)) == SampleRecord.text(record))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: results.record(run))) == bytes, "written again it is the same")
    }

    @Test("and two records of one run differ by what tells of their making alone")
    func bytes() throws {
        func record(seconds: Double) throws -> Record {
            try SampleRecord.make(
                [SampleRecord.coordinate("seed", "0")], seconds: seconds,
                samples: SavedSamples(student: [0, 1, 2, 3], teacher: [3, 2, 1, 0], labels: [0, 1], dimension: 2))
        }
        let first = try record(seconds: 2), other = try record(seconds: 2.5)
        func bytes(_ record: Record) throws -> Data {
            try record.write(to: path)
            return try Data(contentsOf: URL(fileURLWithPath: path))
        }
        let written = try bytes(first)
        // Several times: where an order is left to chance, it is mostly the same twice.
        for _ in 0..<8 { #expect(try bytes(first) == written) }
        let later = try bytes(other)
        #expect(later.count == written.count)
        // 2.0 and 2.5 differ in one byte; the checksums of object headers are four, and the seal at the end is a hash of 32.
        #expect((1...48).contains(zip(written, later).filter { $0 != $1 }.count))
    }
}
