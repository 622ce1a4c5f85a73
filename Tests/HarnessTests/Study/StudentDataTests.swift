import FlowMaps
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("Data of the student's own: a mismatch that no augmentation makes")
struct StudentDataTests {
    private static let dataBased = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]").changing(
        "    combined: {}\n", to: ""
    ).changing(
        "prediction: {student: {method: {freeflow: {secondTerm: ~}}}}",
        to: "mapped: {student: {method: !replace meanFlowFromTeacher}}")

    private static func seeing(_ data: String) -> String {
        dataBased.changing("  sharedSeed: 0\n", to: "  studentData: \(data)\n  sharedSeed: 0\n")
    }

    private func study(_ yaml: String, in folder: TemporaryFolder? = nil) throws -> Study {
        try Study(yaml: yaml, file: folder?.file("study.yaml") ?? "study.yaml")
    }

    private func refusal(_ yaml: String) -> String {
        do {
            _ = try study(yaml)
            return "accepted"
        } catch { return "\(error)" }
    }

    private func record(_ yaml: String, _ folder: TemporaryFolder) async throws -> Record {
        let study = try study(yaml), results = ResultsFolder(folder.path)
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        return try Record.read(results.record(study.runs[0]))
    }

    @Test("change the training and not the teacher, nor what it is compared with")
    func identity() throws {
        let plain = RunStage(run: try study(Self.dataBased).runs[0])
        let other = RunStage(run: try study(Self.seeing("{planar: {set: rings, count: 200}}")).runs[0])
        #expect(plain.student.identity != other.student.identity && plain.identity != other.identity)
        #expect(plain.teacher.identity == other.teacher.identity)
        #expect(plain.reference.identity == other.reference.identity)
        func sets(_ stage: RunStage) -> [String] {
            RunDemand(stage.run.specification).parts.map(\.key).filter { $0.hasSuffix("planar.count") }.sorted()
        }
        #expect(sets(plain) == ["data.planar.count"])
        #expect(sets(other) == ["data.planar.count", "studentData.planar.count"])
    }

    @Test("are what the student sees: the same data give the same scores, others another discrepancy and student")
    func seen() async throws {
        let folders = (0..<3).map { _ in TemporaryFolder() }
        let plain = try await record(Self.dataBased, folders[0])
        let same = try await record(Self.seeing("{planar: {set: eightGaussians, count: 200}}"), folders[1])
        let other = try await record(Self.seeing("{planar: {set: rings, count: 200}}"), folders[2])
        #expect(plain.evaluation.last.values == same.evaluation.last.values)
        #expect(plain.reference.floor.values == other.reference.floor.values)
        #expect(plain.evaluation.last["frechetDistance"] != other.evaluation.last["frechetDistance"])
        let discrepancies = [plain, other].map { $0.evaluation.last["dataDiscrepancy"] ?? .nan }
        #expect(discrepancies[0] != discrepancies[1] && discrepancies.allSatisfy(\.isFinite), "\(discrepancies)")
        withExtendedLifetime(folders) {}
    }

    @Test("in files by strength are an axis, whose arms are named by numbers and so have an order")
    func strengths() async throws {
        let folder = TemporaryFolder()
        for (name, scale) in [("plain", 1 as Float), ("half", 2), ("full", 4)] {
            let values = RandomKey(seed: 3).normal(count: 60 * 8).map { $0 * scale }
            try NumPyArray.file(values, shape: [60, 2, 2, 2]).write(
                to: URL(fileURLWithPath: folder.file("\(name).npy")))
        }
        func arrays(_ name: String) -> String { "{arrays: {file: \(name).npy, layout: nchw}}" }
        let yaml =
            Self.dataBased.changing("{planar: {set: eightGaussians, count: 200}}", to: arrays("plain")).changing(
                "  seed: [0]\n",
                to: "  strength:\n    1: {studentData: \(arrays("full"))}\n    0: {}\n"
                    + "    0.5: {studentData: \(arrays("half"))}\n  seed: [0]\n")
            + "claims:\n  rises:\n    says: It rises.\n    rises: {metric: dataDiscrepancy, along: strength}\n"
        let study = try study(yaml, in: folder), results = ResultsFolder(folder.file("results"))
        #expect(study.runs.map { $0["strength"] } == ["1", "0", "0.5"])
        #expect(study.data.count == 3)
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        let found = try study.runs.map {
            try Record.read(results.record($0)).evaluation.last["dataDiscrepancy"] ?? .nan
        }
        #expect(found[1] < found[2] && found[2] < found[0], "\(found)")
        // An edited file is told, and changes its own run alone.
        try NumPyArray.file(RandomKey(seed: 4).normal(count: 60 * 8), shape: [60, 2, 2, 2]).write(
            to: URL(fileURLWithPath: folder.file("half.npy")))
        let edited = try self.study(yaml, in: folder)
        let changed = zip(study.runs, edited.runs).map { RunStage(run: $0).identity != RunStage(run: $1).identity }
        #expect(changed == [false, false, true])
    }

    @Test("that a file of another folder names are found again by a record")
    func elsewhere() async throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("base"), withIntermediateDirectories: true)
        try HDF5File.write(to: folder.file("base/other.h5")) { root in
            _ = try root.write("latents", RandomKey(seed: 5).normal(count: 60 * 64), shape: [60, 1, 8, 8])
            try root.write("labels", (0..<60).map { $0 % 10 }, shape: [60]).setAttribute("classes", 10)
        }
        let whole = TinyStudy.digits.changing("seed: [0, 1]", to: "seed: [0]").changing("    combined: {}\n", to: "")
            .changing(
                "prediction: {student: {method: {freeflow: {secondTerm: ~}}}}",
                to: "mapped: {student: {method: !replace meanFlowFromTeacher}}"
            ).changing("  sharedSeed: 0\n", to: "  studentData: {latents: {file: other.h5}}\n  sharedSeed: 0\n")
        try Data(whole.utf8).write(to: URL(fileURLWithPath: folder.file("base/base.yaml")))
        let axes = try #require(whole.range(of: "axes:"))
        let yaml = "study: tiny\nquestion: Does it run?\nextends: base/base.yaml\n\(whole[axes.lowerBound...])"
        let study = try study(yaml, in: folder), results = ResultsFolder(folder.file("results"))
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        let found = try Record.read(results.record(study.runs[0])).run.specification.studentData
        #expect(found?.path.map { FileManager.default.fileExists(atPath: $0) } == true, "\(String(describing: found))")
    }

    @Test("are refused where no training sees data, and where they are of another form")
    func refusals() {
        let free = refusal(
            Self.seeing("{planar: {set: rings, count: 200}}").changing(
                "!replace meanFlowFromTeacher", to: "{freeflow: {}}"))
        #expect(free.contains("base.studentData\n  found: planar\n  allowed: nothing"), "\(free)")
        let form = refusal(Self.seeing("digits"))
        #expect(form.contains("base.studentData\n  found: digits, 1×8×8, 10 classes"), "\(form)")
        #expect(form.contains("data of the form of 'data', 2 numbers, no classes"), "\(form)")
        let folder = TemporaryFolder()
        let missing = refusal(Self.seeing("{arrays: {file: \(folder.file("none.npy"))}}"))
        #expect(missing.contains("base.studentData.arrays.file"), "\(missing)")
    }
}
