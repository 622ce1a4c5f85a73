import CPU
import Execution
import FlowMaps
import Foundation
import Reporting
import Results
import Study
import Tensors
import TestSupport
import Testing

/// The examples of `Documentation/library.md`, between lines `// example NAME` and `// end`, with public declarations alone.
@Suite("Ablate as a library")
struct LibraryPageTests {
    private let temporary = TemporaryFolder()
    private let repository = Package.folder

    @Test("defines a study, runs it and reads its records")
    func study() async throws {
        let folder = temporary.file("results")
        // example study
        let study = try Study(
            yaml: """
                study: library
                question: Does the error of a student fall with the length of its training?
                extends: experiments/quickstart.yaml
                base:
                  teacher: {optimization: {steps: 50, batch: 64}}
                  student: {optimization: {batch: 64}, method: {freeflow: {secondTerm: ~}}}
                  evaluation:
                    samples: 100
                    measurements: 1
                    metrics: [frechetDistance, pairedError]
                    features: !replace coordinates
                    teacher: {sampler: {heun: {steps: 4}}}
                axes:
                  steps: {path: student.optimization.steps, values: [20, 40]}
                  seed: [0, 1]
                claims:
                  longer:
                    says: The paired error falls with the number of steps.
                    falls: {metric: pairedError, along: steps}
                """, file: "\(repository)/library.yaml")
        let results = ResultsFolder(folder)
        let plan = Plan(study, results: results)
        let ended = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
        // end
        #expect(ended.count == plan.pending.count && ended.allSatisfy { $0.stageResult == .done })

        // example records
        let read = try StudyResults.read("\(folder)/library")
        let errors = read.records.map { record in (record.run.point, record.evaluation.last["pairedError"]) }
        let steps = read.records.map { record in record.run.specification.student.optimization.steps }
        let table = StudyTable(read.records).table.markdown
        let verdicts = read.claimResults.map(\.verdict)
        // end
        #expect(errors.map(\.0) == ["steps=20,seed=0", "steps=20,seed=1", "steps=40,seed=0", "steps=40,seed=1"])
        #expect(errors.allSatisfy { $0.1?.isFinite == true } && steps == [20, 20, 40, 40])
        #expect(table.contains("| steps ") && verdicts.count == 1)
    }

    @Test("trains a teacher and a student")
    func training() throws {
        // example training
        let dataset = PlanarSet.eightGaussians.dataset(count: 2000, key: RandomKey(seed: 0)).unlabelled
        let data = TrainingData(dataset)
        let optimization = Optimization(
            steps: 200, batch: 64, learningRate: 1e-3, warmUp: 0.02, cooldown: 0.5, clip: 1, ema: .halfLife(0.05))
        let velocity = TeacherTraining(
            network: .mlp(width: 32, depth: 2, times: Frequencies(count: 8, lowest: 0.5, highest: 6)),
            optimization: optimization, labelDropout: 0, times: .uniform(from: 0, to: 1))
        let backend = CPUBackend()
        let teacher = try velocity.trainer(on: data, key: RandomKey(seed: 1), on: backend)
        try teacher.advance(to: optimization.steps)

        let distillation = Distillation(method: .freeflow, optimization: optimization)
        let student = try distillation.trainer(
            teacher: teacher.state.average.network, data: data, key: RandomKey(seed: 2),
            on: backend)
        var losses: [Float] = []
        try student.advance(to: optimization.steps) { step in
            if step.isMultiple(of: 50) { losses.append(student.measured[0]) }
            return true
        }

        let map = distillation.map(student.state.student.average)
        let noise = Tensor(RandomKey(seed: 3).normal(count: 1000), shape: [500, 2])
        let samples = try Tensor.materialized([map.sample(noise, given: .none)], on: backend)[0]
        let distance = SlicedWasserstein(reference: dataset.samples, dimension: 2, directionCount: 64)(samples)
        // end
        #expect(losses.count == 4 && losses.allSatisfy(\.isFinite) && student.metrics.count == student.measured.count)
        #expect(samples.count == 1000 && distance > 0 && distance < 1)
    }

    @Test("has the same examples on its page")
    func page() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let page = try String(contentsOfFile: "\(repository)/Documentation/library.md", encoding: .utf8)
        let examples = Self.examples(source)
        #expect(examples.map(\.name) == ["study", "records", "training"])
        for (name, code) in examples {
            #expect(page.contains("```swift\n\(code)\n```"), "the example '\(name)' of library.md is that of its test")
        }
        #expect(page.components(separatedBy: "```swift").count - 1 == examples.count, "a block without a test")
    }

    /// The lines between `// example NAME` and `// end`, without their common indentation.
    private static func examples(_ source: String) -> [(name: String, code: String)] {
        var found: [(name: String, code: String)] = [], lines: [Substring]?, name = ""
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("// example ") {
                (name, lines) = (String(text.dropFirst("// example ".count)), [])
            } else if text == "// end", let inner = lines {
                let indent = inner.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
                found.append((name, inner.map { $0.dropFirst(indent) }.joined(separator: "\n")))
                lines = nil
            } else {
                lines?.append(line)
            }
        }
        return found
    }
}
