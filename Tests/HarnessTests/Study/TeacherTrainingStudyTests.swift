import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("How a teacher is trained in a study") struct TeacherTrainingStudyTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.path) }
    private static let network = "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"
    private static let classifier =
        "{width: 16, features: 8, heldOut: 0.2, augmentation: {kinds: [shift], strength: 0.5}, "
        + "optimization: {steps: 20, batch: 16, learningRate: 1.0e-2, warmUp: 0, cooldown: 0, ema: none}}"
    private static let average = "cooldown: 0.5, clip: 1, ema: {halfLife: 0.05}}\n  student:"

    private func aligned(
        _ features: String = "sample", _ classifier: String = TeacherTrainingStudyTests.classifier, block: Int = 1
    ) -> String {
        TinyStudy.digits.changing(
            "    labelDropout: 0.1\n",
            to: "    labelDropout: 0.1\n    representation: {weight: 0.5, block: \(block), hidden: 16, features: "
                + "\(features), classifier: \(classifier)}\n")
    }

    /// The planar study with another average of the teacher.
    private func averaged(_ average: String) -> String {
        TinyStudy.planar.changing(
            Self.average, to: Self.average.changing("ema: {halfLife: 0.05}", to: "ema: \(average)"))
    }

    private func stored(_ deviation: Double) -> String {
        averaged("{postHoc: {stored: [0.05, 0.1], snapshots: 4, sigmaRel: \(deviation)}}")
    }

    private func study(_ yaml: String) throws -> Study { try Study(yaml: yaml, file: "study.yaml") }

    private func refusal(_ yaml: String) -> String { errorText { try study(yaml) } }

    private func carryOut(_ study: Study) async throws {
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
    }

    @Test("a representation needs its classifier before the teacher, the same as the evaluation's where they are alike")
    func alignment() async throws {
        let study = try study(aligned())
        let stage = Stage.run(RunStage(run: study.runs[0]))
        #expect(stage.needs.map(\.kind) == ["classifier", "teacher", "reference", "training"])
        #expect(stage.needs[1].needs == [stage.needs[0]])
        try await carryOut(study)
        let record = try Record.read(results.record(study.runs[0]))
        #expect(record.run.specification == study.runs[0].specification)
        // Its projection is left: the teacher has the tensors of any other.
        let plain = try self.study(TinyStudy.digits).runs[0].specification.teacher
        let data = TrainingData(try RunStage(run: study.runs[0]).teacher.data.load())
        let teacher = try Worker(results: results).teacher(RunStage(run: study.runs[0]).teacher, for: data)
        let blank = plain.network.build(dimension: 64, image: data.image, classes: 10, key: RandomKey(seed: 0))
        #expect(teacher.parameterNames == blank.parameterNames)
        let other = try self.study(aligned("sample", Self.classifier.changing("width: 16", to: "width: 17")))
        #expect(
            Stage.run(RunStage(run: other.runs[0])).needs.map(\.kind)
                == ["classifier", "teacher", "classifier", "reference", "training"])
        #expect(
            RunFingerprint(RunStage(run: other.runs[0])).inputs.map(\.kind)
                == ["teacher", "classifier", "reference", "training"])
    }

    @Test("of averages stored on the way any is taken without training again")
    func postHoc() async throws {
        let (first, second) = (try study(stored(0.07)), try study(stored(0.1)))
        let works = [first, second].map { RunStage(run: $0.runs[0]) }
        #expect(Stage.run(works[0]).needs[0] == Stage.run(works[1]).needs[0])
        #expect(works[0].reference.identity != works[1].reference.identity && works[0].identity != works[1].identity)
        try await carryOut(first)
        let pending = Plan(second, results: results).pending.map(\.stage.kind)
        #expect(
            pending == ["reference"] + Array(repeating: "training", count: 4) + Array(repeating: "run", count: 4))
        try await carryOut(second)
        let data = TrainingData(try works[0].teacher.data.load()), worker = Worker(results: results)
        let networks = try works.map { try worker.teacher($0.teacher, for: data).numbers }
        #expect(networks[0] != networks[1])
        // One of those stored is that one, and as if no other had been.
        let alone = try study(averaged("{power: {sigmaRel: 0.1}}"))
        try await carryOut(alone)
        let followed = try worker.teacher(RunStage(run: alone.runs[0]).teacher, for: data).numbers
        for (found, expected) in zip(followed, networks[1]) {
            // Float32 over forty steps.
            #expect(mismatch(found.doubles, expected.doubles, within: 1e-4) == nil)
        }
    }

    @Test("so it is for students: those that differ in the width alone share one training, also on the way")
    func students() async throws {
        func student(_ ema: String) throws -> Study {
            try study(
                TinyStudy.planar.changing("measurements: 2", to: "measurements: 3").changing(
                    "steps: 20, batch: 16, learningRate: 1.0e-3, warmUp: 0, cooldown: 0.5, clip: 1, ema: {halfLife: 0.05}",
                    to: "steps: 20, batch: 16, learningRate: 1.0e-3, warmUp: 0, cooldown: 0.5, clip: 1, ema: \(ema)"))
        }
        func stored(_ sigmaRel: Double) throws -> Study {
            try student("{postHoc: {stored: [0.05, 0.1], snapshots: 4, sigmaRel: \(sigmaRel)}}")
        }
        let (first, second) = (try stored(0.07), try stored(0.1)),
            stages = [first, second].map { RunStage(run: $0.runs[0]) }
        #expect(stages[0].student.identity == stages[1].student.identity && stages[0].identity != stages[1].identity)
        try await carryOut(first)
        let found = try Record.read(results.record(first.runs[0]))
        #expect(Set(Plan(second, results: results).pending.map(\.stage.kind)) == ["run"])
        try await carryOut(second)
        // One of those stored is that one, and as if no other had been, at each measurement.
        let alone = try student("{power: {sigmaRel: 0.1}}")
        try await carryOut(alone)
        let expected = try Record.read(results.record(alone.runs[0]))
        let chosen = try Record.read(results.record(second.runs[0]))
        #expect(chosen.evaluation.steps == expected.evaluation.steps && chosen.evaluation.steps.count == 3)
        for (found, expected) in zip(chosen.evaluation.columns, expected.evaluation.columns) {
            #expect(mismatch(found, expected, within: 1e-4) == nil)
        }
        #expect(found.evaluation.columns != chosen.evaluation.columns)
    }

    @Test("a training that was stopped goes on with the averages that it had stored")
    func resumed() throws {
        let stage = try #require(RunStage(run: try study(stored(0.07)).runs[0]).teacher.trained)
        func weights(_ folder: String, stoppedAt step: Int?) throws -> [Float] {
            let results = ResultsFolder(folder)
            let stop = StopRequest()
            if let step {
                let worker = Worker(results: results, stop: stop) { notice in
                    if case .progress(let progress) = notice, progress.step >= step { stop.request() }
                }
                #expect(worker.carryOut(.teacher(stage)) == .stopped)
            }
            #expect(Worker(results: results).carryOut(.teacher(stage)) == .done)
            return try HDF5File.read(results.product(.teacher(stage))) { root in
                try root.group("averages").read("networks", as: Float.self).values
            }
        }
        let whole = try weights(folder.file("whole"), stoppedAt: nil)
        let parts = try weights(folder.file("parts"), stoppedAt: 1)
        #expect(whole == parts && !whole.isEmpty)
    }

    @Test("layers that keep magnitudes, preconditioned and weighted, teach students in the plane and of images")
    func layers() async throws {
        let perceptron = TinyStudy.planar.changing(
            Self.network,
            to: "{preconditioned: {sigmaData: 1, network: {mpMLP: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, "
                + "highest: 6}}}}}"
        ).changing("    labelDropout: 0\n", to: "    labelDropout: 0\n    weighting: {denoiser: {sigmaData: 1}}\n")
        try await carryOut(try study(perceptron))
        let transformer = TinyStudy.digits.changing(
            Self.network,
            to: "{preconditioned: {sigmaData: 0.5, network: {mpSiT: {patch: 4, width: 16, depth: 1, heads: 2, times: "
                + "{count: 4, lowest: 0.5, highest: 6}}}}}")
        let study = try study(transformer)
        try await carryOut(study)
        // Its student opens again.
        let checkpoint = try Checkpoint(results.checkpoint(.student, of: study.runs[0]))
        #expect(checkpoint.description.role == .student)
    }

    @Test(
        "an average found afterwards must be named; a representation needs classes")
    func refusals() throws {
        let student = TinyStudy.planar.changing(
            "learningRate: 1.0e-3, warmUp: 0, cooldown: 0.5, clip: 1, ema: {halfLife: 0.05}}",
            to:
                "learningRate: 1.0e-3, warmUp: 0, cooldown: 0.5, clip: 1, ema: {postHoc: {stored: [0.05, 0.1], snapshots: 4}}}"
        )
        #expect(
            refusal(student).contains(
                "base.student.optimization.ema.postHoc\n  found: no sigmaRel\n"))
        #expect(
            refusal(averaged("{postHoc: {stored: [0.05, 0.1], snapshots: 4}}")).contains(
                "base.teacher.optimization.ema.postHoc\n  found: no sigmaRel\n"))
        #expect(
            refusal(averaged("{power: {sigmaRel: 0.5}}")).contains(
                "base.teacher.optimization.ema.power.sigmaRel\n  found: 0.5\n"))
        #expect(
            refusal(averaged("0.9999")).contains(
                "wrong value for base.teacher.optimization.ema\n  found: 0.9999 without a unit\n  allowed: halfLife: 0.9999, "
            ))
        let planar = aligned().changing("data: digits", to: "data: {planar: {set: eightGaussians, count: 200}}")
        #expect(refusal(planar).contains("as the data have no classes"))
        #expect(
            refusal(aligned(block: 3)).contains(
                "base.teacher.representation.block\n  found: 3\n  allowed: from 1 to 2, the network's hidden layers"))
        #expect(
            refusal(aligned("patches")).contains("base.teacher.representation.features\n  found: patches\n"))
        #expect(refusal(aligned("tokens")).contains("unknown case 'tokens' for base.teacher.representation.features"))
        #expect(
            refusal(aligned().changing("hidden: 16,", to: "hidden: 16, layer: 2,")).contains(
                "unknown key 'layer' in base.teacher.representation"))
    }
}
