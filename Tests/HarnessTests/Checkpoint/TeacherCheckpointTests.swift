import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("A teacher in a file") struct TeacherCheckpointTests {
    let folder = TemporaryFolder()
    private var file: String { folder.file("teacher.safetensors") }
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }

    /// The digits' study with its teacher taken from a file.
    private func yaml(_ teacher: String) -> String {
        let text = TinyStudy.digits
        let start = text.range(of: "  teacher:\n")!, end = text.range(of: "  student:\n")!
        return text.replacingCharacters(
            in: start.lowerBound..<end.lowerBound, with: "  teacher: {checkpoint: \(teacher)}\n")
    }

    private func study(_ yaml: String) throws -> Study { try Study(yaml: yaml, file: folder.file("study.yaml")) }

    private func refusal(_ yaml: String) -> String {
        do {
            _ = try study(yaml)
            return "accepted"
        } catch { return "\(error)".replacing(folder.path + "/", with: "") }
    }

    private var digits: SampleModel { SampleModel(image: ImageShape(channels: 1, height: 8, width: 8), classes: 10) }

    @Test("is known by its content, not by its place")
    func identity() throws {
        try digits.write(to: file)
        let stage = RunStage(run: try study(yaml("teacher.safetensors")).runs[0])
        try digits.write(to: folder.file("moved.safetensors"))
        let moved = RunStage(run: try study(yaml("moved.safetensors")).runs[0])
        #expect(stage.identity == moved.identity && stage.reference.identity == moved.reference.identity)
        let hash = try Checkpoint(file).hash
        #expect(
            RunStage(run: try study(yaml("{file: teacher.safetensors, hash: \(hash)}")).runs[0]).identity
                == stage.identity)
        let other = SampleModel(outputs: .velocityAndVariance, image: digits.image, classes: 10)
        try other.write(to: file)
        #expect(RunStage(run: try study(yaml("teacher.safetensors")).runs[0]).identity != stage.identity)
    }

    @Test("runs a study without training one, and the study's models can be taken out again")
    func study() async throws {
        try digits.write(to: file)
        let study = try study(yaml("teacher.safetensors"))
        let plan = Plan(study, results: results)
        #expect(plan.sharedItems.map(\.stage.kind) == ["classifier", "reference"])
        let endings = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        let combined = study.runs[2]
        #expect(combined.point == "objective=combined,seed=0")
        let export = try CheckpointExport(run: results.point(combined), on: onCPU { $0 })
        for role in CheckpointDescription.Role.allCases {
            let path = folder.file("\(role.rawValue)-out.safetensors")
            try export.write(role, naming: .own, to: path)
            #expect(try Checkpoint(path).description.role == role)
        }
        let exported = try Checkpoint(folder.file("teacher-out.safetensors")).network(at: file).network
        #expect(mismatch(exported.numbers, digits.network.numbers) == nil)
        try export.write(.student, naming: .published(.sit), to: folder.file("pytorch.safetensors"))
        #expect(try Safetensors(folder.file("pytorch.safetensors")).names.contains("d_embedder.mlp.0.weight"))
        #expect(throws: FileError.self) { try export.write(.student, naming: .own, to: file) }
        // The student's samples are those of its record.
        let checkpoint = try Checkpoint(results.checkpoint(.student, of: combined))
        #expect(checkpoint.description.role == .student && checkpoint.origin?.contains("teacher.safetensors") == true)
    }

    @Test("of another shape, other classes, another hash or another role is refused")
    func refusals() throws {
        try SampleModel(image: ImageShape(channels: 1, height: 4, width: 4), classes: 10).write(to: file)
        #expect(
            refusal(yaml("teacher.safetensors")).contains(
                "wrong value for base.teacher.checkpoint.file\n  found: teacher.safetensors, of samples 1×4×4\n"
                    + "  allowed: samples 1×8×8, as the data are"))
        try SampleModel(image: digits.image, classes: 3).write(to: file)
        #expect(
            refusal(yaml("teacher.safetensors")).contains(
                "found: teacher.safetensors, of 3 classes\n  allowed: 10, as the data have"))
        try digits.write(to: file)
        let hash = try Checkpoint(file).hash
        #expect(
            refusal(yaml("{file: teacher.safetensors, hash: 12}")).contains(
                "base.teacher.checkpoint.hash\n  found: 12\n  allowed: \(hash), which teacher.safetensors has"))
        try SampleModel(conditioning: [.duration], image: digits.image, classes: 10).write(to: file)
        #expect(
            refusal(yaml("teacher.safetensors")).contains(
                "found: teacher.safetensors, a student\n  allowed: a teacher"))
        #expect(
            refusal(yaml("none.safetensors"))
                == "none.safetensors: cannot read the checkpoint: No such file or directory")
        #expect(refusal(yaml("{file: teacher.safetensors, sha: 1}")).contains("unknown key 'sha'"))
        #expect(refusal(yaml("teacher.safetensors, network: 1")).contains("unknown key 'network' in base.teacher"))
    }

    @Test("changed after the study was read is refused by the work")
    func changed() throws {
        try digits.write(to: file)
        guard case .checkpoint(let checkpoint) = try study(yaml("teacher.safetensors")).runs[0].specification.teacher
        else {
            fatalError("it is a checkpoint")
        }
        #expect(try mismatch(checkpoint.load().numbers, digits.network.numbers) == nil)
        try SampleModel(outputs: .velocityAndVariance, image: digits.image, classes: 10).write(to: file)
        #expect(throws: CheckpointError.self) { _ = try checkpoint.load() }
    }
}
