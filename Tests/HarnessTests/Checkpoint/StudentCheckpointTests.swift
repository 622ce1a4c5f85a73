import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("A student in a file")
struct StudentCheckpointTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }

    private func study(
        _ arms: String, _ name: String, samples: String = "", of base: String = TinyStudy.planar
    ) throws -> Study {
        let head = base.components(separatedBy: "axes:")[0].changing("study: tiny", to: "study: \(name)")
        let text = head.changing("samples: 64", to: "samples: 64\(samples)")
        return try Study(
            yaml: text + "axes:\n  student:\n\(arms)  seed: [0]\n", file: folder.file("study.yaml"))
    }

    private func records(of study: Study) async throws -> [Record] {
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        return try results.records(of: results.study(study.name)).records
    }

    /// The student that a study trains, as it leaves it.
    private func trained(_ arm: String = "{}", samples: String = "") async throws -> Record {
        let study = try study("    own: \(arm)\n", "first", samples: samples)
        let record = try #require(await records(of: study).first)
        let file = results.checkpoint(.student, of: study.runs[0])
        try FileManager.default.copyItem(atPath: file, toPath: folder.file("student.safetensors"))
        return record
    }

    /// A study on the digits with a student from a file.
    @discardableResult
    private func file(_ student: String) throws -> Study {
        try study("    file: {student: !replace {checkpoint: \(student)}}\n", "digits", of: TinyStudy.digits)
    }

    private func model(_ conditioning: [EmbeddedScalar], side: Int = 8, classes: Int = 10) -> SampleModel {
        SampleModel(
            conditioning: conditioning, image: ImageShape(channels: 1, height: side, width: side), classes: classes)
    }

    /// A model as one that was imported, which says nothing of a training.
    private func write(
        _ conditioning: [EmbeddedScalar], side: Int = 8, classes: Int = 10, origin: String? = nil, to path: String
    ) throws {
        let model = model(conditioning, side: side, classes: classes)
        try Checkpoint.write(model.network, model.description, origin: origin, to: path)
    }

    private static let network = "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"

    private func refusal(_ student: String) -> String {
        errorText { try file(student) }
            .replacing(folder.path + "/", with: "")
    }

    @Test("is an arm whose scores are those that it had where it was trained, in one step and in several")
    func judged() async throws {
        let own = try await trained(samples: "\n    steps: [1, 4]")
        let second = try study(
            "    file: {student: !replace {checkpoint: student.safetensors}}\n    sdei: {student: {method: !replace {sdei: {}}}}\n",
            "second", samples: "\n    steps: [1, 4]")
        let all = try await records(of: second), file = try #require(all.first { $0.run["student"] == "file" })
        #expect(file.evaluation.steps == [0] && own.evaluation.steps.last == 20)
        #expect(own.evaluation.last.names.contains("energyDistance"))
        #expect(file.evaluation.last == own.evaluation.last && file.drift == own.drift)
        #expect(file.samples?.student == own.samples?.student)
        #expect(file.training.names == [] && file.provenance.trainingSeconds < 1)
        // It is measured once, where the one that was trained is measured twice, and is estimated so.
        let seconds = [file, own].map { Estimate(from: []).seconds(.run(RunStage(run: $0.run))) }
        #expect(seconds[0] < seconds[1], "\(seconds)")
        // It leaves the student again, and an export takes it out.
        let left = try Checkpoint(results.checkpoint(.student, of: file.run))
        #expect(left.description.role == .student && left.training?.studentSource.checkpoint != nil)
        let cells = [ArmFact.dataBased, .teacher, .steps, .cost].map { "\($0.cell([file]))" }
        #expect(cells == ["text(\"a file\")", "text(\"a file\")", "count(0)", "number(0.0, digits: 3)"])
        #expect(!(try StudyResults.read(results.study("second")).plots().isEmpty))
        #expect(results.recordFaults().faults.isEmpty)
    }

    @Test("is sampled in several steps as the method that trained it is")
    func sampling() async throws {
        let arm = "{student: {method: !replace {ect: {}}}}",
            own = try await trained(arm, samples: "\n    steps: [1, 2]")
        #expect(own.run.specification.student.sampling == .restart)
        let second = try study(
            """
                file: {student: !replace {checkpoint: student.safetensors}}
                map: {student: !replace {checkpoint: {file: student.safetensors, sampling: map}}}

            """, "second", samples: "\n    steps: [1, 2]")
        let all = try await records(of: second)
        let (file, map) = (try #require(all.first { $0.run["student"] == "file" }), try #require(all.last))
        #expect(file.run.specification.student.sampling == .restart)
        for score in file.evaluation.last.names {
            #expect(file.evaluation.last[score] == own.evaluation.last[score], "\(score)")
        }
        #expect(map.evaluation.last["energyDistance"] == file.evaluation.last["energyDistance"])
        #expect(map.evaluation.last["energyDistance@2"] != file.evaluation.last["energyDistance@2"])
    }

    @Test("is known by its content, not by its place")
    func identity() throws {
        func identity(_ student: String) throws -> Identity {
            RunStage(run: try file(student).runs[0]).identity
        }
        for name in ["student.safetensors", "moved.safetensors"] {
            try write([.duration], to: folder.file(name))
        }
        let first = try identity("student.safetensors")
        #expect(try identity("moved.safetensors") == first)
        let hash = try Checkpoint(folder.file("student.safetensors")).hash
        #expect(try identity("{file: student.safetensors, hash: \(hash)}") == first)
        #expect(try identity("{file: student.safetensors, sampling: restart}") != first)
    }

    @Test("of another role, shape, hash or condition is refused")
    func refusals() throws {
        let file = folder.file("student.safetensors")
        #expect(
            refusal("student.safetensors")
                == "student.safetensors: cannot read the checkpoint: No such file or directory")
        try write([], to: file)
        #expect(
            refusal("student.safetensors").contains(
                "student.checkpoint.file\n  found: student.safetensors, a teacher\n  allowed: a student"))
        try write([.duration], side: 4, to: file)
        #expect(refusal("student.safetensors").contains("of samples 1×4×4\n  allowed: samples 1×8×8, as the data are"))
        try write([.duration], classes: 3, to: file)
        #expect(refusal("student.safetensors").contains("of 3 classes\n  allowed: 10, as the data have"))
        try write([.duration, .guidance], to: file)
        #expect(refusal("student.safetensors").contains("found: no guidanceScale"))
        try write([.duration], to: file)
        #expect(refusal("{file: student.safetensors, hash: 12}").contains("student.checkpoint.hash\n  found: 12"))
        #expect(
            refusal("{file: student.safetensors, model: {network: \(Self.network), conditioning: []}}").contains(
                "student.checkpoint.model\n  found: another network\n  allowed: the one in student.safetensors"))
        #expect(
            refusal("{file: student.safetensors, isOneStepOnly: true}").contains(
                "student.checkpoint.isOneStepOnly\n  found: true\n  allowed: what student.safetensors says"))
        #expect(
            refusal("{file: student.safetensors, samplingGuidance: {scale: 2, from: 0, to: 1}}").contains(
                "student.checkpoint.samplingGuidance\n  found: another guidance"))
        try write([.duration], origin: "student: {objective: old}", to: file)
        #expect(refusal("student.safetensors").contains("does not say in keys of this version how its student is"))
        try write([.duration], to: file)
        #expect(refusal("{file: student.safetensors, samplin: map}").contains("unknown key 'samplin'"))
    }
}
