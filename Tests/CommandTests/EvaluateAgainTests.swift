import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("A finished study is evaluated again without training")
struct EvaluateAgainTests {
    let folder = TemporaryFolder()

    /// A student of many steps, three measurements.
    private static let yaml = TinyStudy.planar.changing(
        "prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n    combined: {}",
        to: "sdei: {student: {method: {sdei: {states: studentPath}}}}"
    ).changing("seed: [0, 1]", to: "seed: [0]").changing("measurements: 2", to: "measurements: 3")

    /// Two more metrics, one of them against the data, four steps and ten times the samples.
    private static let more = [
        "--set", "base.evaluation.metrics=[frechetDistance, kernelDistance, {frechetDistance: {reference: data}}]",
        "--set", "base.evaluation.samples=640", "--set", "base.evaluation.steps=[1, 2, 4]",
    ]

    private func ablate(_ arguments: [String]) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private func prepare() throws {
        try folder.write(
            Self.yaml.changing("features: coordinates", to: "features: coordinates\n    metrics: [frechetDistance]"),
            "tiny.yaml")
    }

    /// What the stages of a kind have left in the cache: products, journals and logs, byte for byte.
    private func content(of kind: String) throws -> [String: Data] {
        let path = folder.file("results/cache/\(kind)")
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            files[name] = FileManager.default.contents(atPath: "\(path)/\(name)")
        }
        return files
    }

    @Test("two metrics, four steps, ten times the samples and a data reference train nothing; plan says so before")
    func again() throws {
        try prepare()
        #expect(try ablate(["run", "tiny.yaml"]).code == 0)
        let before = (try content(of: "training"), try content(of: "teacher"))
        #expect(before.0.count >= 2 && before.0.keys.contains { $0.hasSuffix(".journal") })

        let plan = try ablate(["plan", "tiny.yaml"] + Self.more)
        let row = try #require(plan.output.split(separator: "\n").first { $0.hasPrefix("sdei") })
        #expect(row.contains("done") && row.contains("to do"), "trained and not evaluated: \(plan.output)")
        #expect(plan.output.contains("2 pieces of work to do"), "the reference and the evaluation: \(plan.output)")
        #expect(
            plan.output.contains("1 trainings keep 3 copies of a student's weights: about "), "\(plan.output)")

        let run = try ablate(["run", "tiny.yaml"] + Self.more)
        #expect(run.code == 0 && !run.errors.contains("training of"), "\(run.errors)")
        let after = (try content(of: "training"), try content(of: "teacher"))
        #expect(after.0 == before.0 && after.1 == before.1, "no journal tells of another attempt")
        let record = try Record.read(folder.file("results/tiny/objective=sdei,seed=0/run.h5"))
        #expect(record.evaluation.names.contains("frechetDistance.data@4") && record.evaluation.steps.count == 3)
        #expect(record.run.specification.evaluation.samples == 640)
        #expect(run.output.contains("Scores of 640 samples each."), "\(run.output)")
        let page = try ablate(["show", "results/tiny", "--all"])
        #expect(page.output.contains("Fréchet distance to data"), "\(page.output)")
    }

    @Test("evaluations that are killed at random lose nothing")
    func killed() throws {
        let undisturbed = TemporaryFolder()
        let slow = Self.more.map { $0.replacing("samples=640", with: "samples=3000") }
        for place in [folder, undisturbed] {
            try place.write(
                Self.yaml.changing(
                    "features: coordinates", to: "features: coordinates\n    metrics: [frechetDistance]"),
                "tiny.yaml")
            #expect(try AblateProcess(["run", "tiny.yaml"], in: place.path).code == 0)
        }
        let began = Date()
        #expect(try AblateProcess(["run", "tiny.yaml"] + slow, in: undisturbed.path).code == 0)
        let seconds = Date().timeIntervalSince(began)
        let before = try content(of: "training")
        var generator = SeededGenerator(seed: 20)
        var kills = 0
        for _ in 0..<6 {
            let running = try RunningAblate(
                ["run", "tiny.yaml", "--jobs", "1", "--checkpoint", "0"] + slow, in: folder.path)
            let deadline = Date() + Double.random(in: 0.1...1, using: &generator) * seconds
            while running.isRunning, Date() < deadline { usleep(1000) }
            if running.isRunning { kills += 1 }
            // The host of the work, or all.
            for host in running.hosts where Bool.random(using: &generator) { kill(host, SIGKILL) }
            running.signal(SIGKILL)
            _ = running.finish()
        }
        #expect(kills > 0, "some were at work")
        let last = try AblateProcess(["run", "tiny.yaml"] + slow, in: folder.path)
        #expect(last.code == 0, "\(last.errors)")
        let path = "results/tiny/objective=sdei,seed=0/run.h5"
        #expect(try Record.read(folder.file(path)).content == Record.read(undisturbed.file(path)).content)
        #expect(try content(of: "training") == before)
    }

    @Test(
        "a study may keep the weights at the end alone: then measurements before it train again, and those at the end do not"
    )
    func finalWeights() throws {
        try prepare()
        let keep = ["--set", "keep={weights: final}"]
        #expect(try ablate(["plan", "tiny.yaml"] + keep).output.contains("1 trainings keep 1 copies"))
        #expect(try ablate(["run", "tiny.yaml"] + keep).code == 0)
        let whole = TemporaryFolder()
        try whole.write(
            Self.yaml.changing("features: coordinates", to: "features: coordinates\n    metrics: [frechetDistance]"),
            "tiny.yaml")
        #expect(try AblateProcess(["run", "tiny.yaml"], in: whole.path).code == 0)
        let path = "results/tiny/objective=sdei,seed=0/run.h5"
        let kept = try Record.read(folder.file(path)).content, other = try Record.read(whole.file(path)).content
        // All but the origin, which names the setting.
        #expect(kept.run.specification == other.run.specification && kept.identity == other.identity)
        #expect(kept.outcome == other.outcome && kept.training == other.training)
        #expect(kept.evaluation == other.evaluation && kept.reference == other.reference)
        #expect(kept.features == other.features && kept.drift == other.drift && kept.search == other.search)
        #expect(kept.samples == other.samples && kept.overTraining == other.overTraining)
        #expect(kept.trajectories == other.trajectories)
        func bytes(_ folder: TemporaryFolder) throws -> Int {
            let path = folder.file("results/cache/training")
            let product = try #require(
                try FileManager.default.contentsOfDirectory(atPath: path).first { $0.hasSuffix(".h5") })
            return try #require(FileManager.default.contents(atPath: "\(path)/\(product)")).count
        }
        #expect(try bytes(folder) < bytes(whole))
        #expect(try ablate(["plan", "tiny.yaml"]).output.contains("Nothing is left to do."))
        let end = ["--set", "base.evaluation.measurements=1", "--set", "base.evaluation.metrics=[recall]"]
        let run = try ablate(["run", "tiny.yaml"] + keep + end)
        #expect(run.code == 0 && !run.errors.contains("training of"), "\(run.errors)")
        let plan = try ablate(["plan", "tiny.yaml", "--set", "base.evaluation.metrics=[recall]"])
        #expect(plan.output.contains("to do     to do"), "\(plan.output)")
    }
}
