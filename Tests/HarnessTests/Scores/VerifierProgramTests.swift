import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("A search whose verifier is a program of the user's")
struct VerifierProgramTests {
    private let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }

    private func study(_ verifier: String) throws -> Study {
        let yaml = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]").changing("    combined: {}\n", to: "")
            .changing(
                "measurements: 2\n",
                to: "measurements: 1\n    metrics: [frechetDistance]\n    search: {budgets: [7, 9], samples: 20, "
                    + "sampler: {heun: {steps: 4}}, neighbours: 2, radius: 0.5, verifier: \(verifier)}\n")
        return try Study(yaml: yaml, file: folder.file("study.yaml"))
    }

    private func write(_ text: String, _ name: String) throws {
        try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    }

    private func ending(_ study: Study, allowing: Bool = true) async throws -> StageResult? {
        let launcher = LocalLauncher(workerOptions: WorkerOptions(allowsCommands: allowing))
        return try await Runner(Plan(study, results: results), launcher: launcher, jobs: 1).run().last?.stageResult
    }

    private static let shell = "{command: [sh, verify.sh], version: 1, timeout: 60}"

    /// log q of the eight Gaussians, as `logLikelihood` has it.
    private static let likelihood = """
        import json, sys
        import numpy
        deviation, folder = float(sys.argv[1]), sys.argv[-1]
        means = numpy.array(json.loads(sys.argv[2]))
        x = numpy.load(folder + "/samples.npz")["arr_0"].astype(numpy.float64)
        squares = ((x[:, None, :] - means[None]) ** 2).sum(-1) / (2 * deviation ** 2)
        nearest = squares.min(1)
        result = numpy.log(numpy.exp(nearest[:, None] - squares).mean(1)) - nearest
        result -= numpy.log(2 * numpy.pi * deviation ** 2)
        numpy.save(folder + "/scores.npy", result.astype(numpy.float32))
        """

    @Test("finds what the verifier of the same formula finds", .enabled(if: ExternalTool.hasNumPy, "needs numpy"))
    func likelihood() async throws {
        try write(Self.likelihood, "verify.py")
        let own = try study("logLikelihood")
        let modes = try #require(own.runs[0].specification.data.modes)
        let means = stride(from: 0, to: modes.means.count, by: 2).map { "[\(modes.means[$0]), \(modes.means[$0 + 1])]" }
        let program = try study(
            "{command: [python3, verify.py, \"\(modes.standardDeviation)\", \"[\(means.joined(separator: ", "))]\"], "
                + "version: 1, timeout: 60}")
        #expect(try await ending(own) == .done)
        let expected = try Record.read(results.record(own.runs[0]))
        #expect(try await ending(program) == .done)
        let found = try Record.read(results.record(program.runs[0]))
        let lines = try (#require(found.search).lines, #require(expected.search).lines)
        for (line, other) in zip(lines.0, lines.1) {
            // float32 in the answer: 1e-7 of numbers up to some hundreds.
            #expect(zip(line.score, other.score).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(line.score), \(other.score)")
            #expect(line.evaluations == other.evaluations && line.distance == other.distance)
        }
        #expect(found.evaluation.last["transfer"] == expected.evaluation.last["transfer"])
    }

    @Test(
        "that leaves nothing, or another number of numbers, fails its evaluation alone",
        arguments: [
            ("true", "left no scores.npy"), ("cp three.npy \"$1/scores.npy\"", "answered an array of shape [3]"),
        ])
    func failing(_ script: String, _ cause: String) async throws {
        try write(script, "verify.sh")
        try NumPyArray.file([1, 2, 3] as [Float], shape: [3]).write(to: URL(fileURLWithPath: folder.file("three.npy")))
        let study = try study(Self.shell)
        guard case .failed(let text)? = try await ending(study) else {
            Issue.record("it did not fail")
            return
        }
        #expect(text.hasPrefix("the program verify.sh \(cause)"), "\(text)")
        #expect(text.contains("allowed: scores.npy, float32 ["), "\(text)")
        #expect(results.isDone(.training(RunStage(run: study.runs[0]).student)))
    }

    @Test("is run only where that is allowed, and known by the content of its files")
    func allowed() async throws {
        try write("true", "verify.sh")
        let study = try study(Self.shell), before = RunStage(run: study.runs[0])
        guard case .obstructed(let text)? = try await ending(study, allowing: false) else {
            Issue.record("it was not refused")
            return
        }
        #expect(text.contains("sh verify.sh FOLDER"), "\(text)")
        try write("exit 1", "verify.sh")
        let after = RunStage(run: try self.study(Self.shell).runs[0])
        #expect(before.identity != after.identity)
        #expect(
            before.student.identity == after.student.identity && before.reference.identity == after.reference.identity)
    }

    @Test("answers one number a sample, and so has no scores; a study keeps its device beside it")
    func refusals() throws {
        try write("true", "verify.sh")
        let error = #expect(throws: (any Error).self) {
            try study("{command: [sh, verify.sh], version: 1, timeout: 60, scores: [a]}")
        }
        #expect("\(error!)".contains("base.evaluation.search.verifier\n  found: a program with scores"), "\(error!)")
        let onDevice = try Study(
            yaml: TinyStudy.planar.changing(
                "features: coordinates",
                to: "features: coordinates\n    device: cpu\n    metrics: [frechetDistance, "
                    + "{command: [sh, verify.sh], version: 1, timeout: 60, scores: [a]}]"),
            file: folder.file("study.yaml"))
        #expect(onDevice.runs[0].specification.evaluation.device == .cpu)
    }
}
