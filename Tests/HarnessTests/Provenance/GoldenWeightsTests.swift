import LinearAlgebra
import Tensors
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

/// Digests of a student's weights, all their bits, in small studies of the digits: the first 12 digits of SHA-256.
private enum Golden {
    /// On every instruction set with fused multiply-adds, for any number of threads.
    static let fused = [
        "auxiliary": "17164e9248b6", "combined": "688234049098", "correction": "ee75e129b0df",
        "mixed": "995d0108b8cc", "prediction": "f632d850d3e3", "transformer": "967493931f04",
    ]
    /// On `portable`, which rounds twice where the others round once.
    static let portable = [
        "auxiliary": "abccefc6f83b", "combined": "486c81944be3", "correction": "53861a3beac7",
        "mixed": "d9db1984ebe9", "prediction": "9b9e408fcc7c", "transformer": "c4f15d2d6019",
    ]
}

@Suite("Students' weights have the same bits on every processor")
struct GoldenWeightsTests {
    let folder = TemporaryFolder()

    private static let transformer =
        "{sit: {patch: 2, width: 32, depth: 2, heads: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"

    /// A student trained by prediction and correction, and what is changed of it. Layers and batches are large enough to be shared by
    /// threads.
    private static let study = TinyStudy.digits.changing(
        """
          objective:
            prediction: {student: {method: {freeflow: {secondTerm: ~}}}}
            combined: {}

        """, to: "")
    private static let large = [
        "base.teacher.network.mlp.width=64", "base.teacher.optimization.batch=128",
        "base.student.optimization.batch=128",
    ]
    private static let arms: [String: [String]] = [
        "prediction": ["base.student.method.freeflow.secondTerm=~"],
        "correction": ["base.student.method.freeflow.secondTerm.share=1"],
        "combined": [],
        "transformer": ["base.teacher.network=!replace \(transformer)"],
        "auxiliary": ["base.student.method=vsd"],
        "mixed": ["base.student.optimization.precision=mixed"],
    ]

    @Test("after training, for one thread and for two", arguments: arms.keys.sorted(), [1, 2])
    func golden(arm: String, threads: Int) async throws {
        let golden = InstructionSet.current == "portable" ? Golden.portable : Golden.fused
        let found = try await digest(Self.arms[arm]!, threads: threads)
        #expect(
            found == golden[arm],
            "the student of '\(arm)' has the digest \(found): where what is computed has changed, write it here")
    }

    private func digest(_ changes: [String], threads: Int) async throws -> String {
        let ofThreads = ["student", "teacher"].map { "base.\($0).optimization.threads=\(threads)" }
        let study = try Study(
            yaml: Self.study, file: "study.yaml",
            changes: .init(settings: Self.large + changes + ofThreads, seeds: "0"))
        let results = ResultsFolder(folder.path), plan = Plan(study, results: results)
        _ = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
        let student = try Safetensors(results.checkpoint(.student, of: study.runs[0]))
        let bytes = try student.names.sorted().flatMap { name in
            try student.values(name, shape: student.shape(name)!).flatMap { number in
                withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
            }
        }
        return Identity(hashing: bytes).short
    }
}
