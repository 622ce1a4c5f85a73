import Tensors
import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("A teacher that is the exact velocity") struct ExactTeacherTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.path) }
    private static let network = "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"

    /// The planar study with another teacher.
    private func yaml(_ teacher: String, of text: String = TinyStudy.planar) -> String {
        let start = text.range(of: "  teacher:\n")!, end = text.range(of: "  student:\n")!
        return text.replacingCharacters(in: start.lowerBound..<end.lowerBound, with: "  teacher: \(teacher)\n")
    }

    private var untrained: String { yaml("{exact: {network: \(Self.network)}}") }
    private var begun: String {
        yaml(
            "{exact: {network: \(Self.network), times: {uniform: {from: 0, to: 1}}, labelDropout: 0, optimization: "
                + "{steps: 40, batch: 16, learningRate: 1.0e-2, warmUp: 0, cooldown: 0.5, clip: 1, ema: {halfLife: 0.05}}}}"
        )
    }

    private func study(_ yaml: String) throws -> Study { try Study(yaml: yaml, file: "study.yaml") }

    private func refusal(_ yaml: String) -> String { errorText { try study(yaml) } }

    @Test("needs no training, or that of what students begin as, which is a teacher's own")
    func needs() throws {
        let alone = Stage.run(RunStage(run: try study(untrained).runs[0]))
        #expect(alone.needs.map(\.kind) == ["reference", "training"])
        let begun = Stage.run(RunStage(run: try study(begun).runs[0]))
        #expect(begun.needs.map(\.kind) == ["teacher", "reference", "training"])
        let trained = Stage.run(RunStage(run: try study(TinyStudy.planar).runs[0]))
        #expect(begun.needs[0] == trained.needs[0])
        #expect(begun.identity != trained.identity && begun.needs[1].identity != trained.needs[1].identity)
        #expect(begun.needs[1].identity != alone.needs[0].identity)
    }

    @Test("is what the reference is sampled from, and what students are taught")
    func runs() async throws {
        for text in [untrained, begun] {
            let study = try study(
                text.changing("samples: 64", to: "samples: 512").changing("{steps: 4}", to: "{steps: 24}"))
            let plan = Plan(study, results: results)
            let endings = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
            #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
            let record = try Record.read(results.record(study.runs[0]))
            // The exact velocity brings samples to its modes; a network of forty steps does not.
            let modes = zip(record.reference.floor.names, record.reference.floor.values).first {
                $0.0 == "coveredModes"
            }
            #expect(modes?.1 == 8)
            #expect(record.run.specification == study.runs[0].specification)
        }
    }

    @Test("begins with other weights in each seed where they have seen nothing")
    func seeds() throws {
        let stage = RunStage(run: try study(untrained).runs[0])
        let worker = Worker(results: results), data = TrainingData(try stage.teacher.data.load())
        let networks = try [0, 1, 1].map { try worker.teacher(stage.teacher, for: data, seed: $0) }
        #expect(networks[0].numbers != networks[1].numbers && networks[1].numbers == networks[2].numbers)
    }

    @Test("is refused where the distribution is not known, as a weak teacher, and with keys of another teacher")
    func refusals() {
        #expect(
            refusal(yaml("{exact: {network: \(Self.network)}}", of: TinyStudy.digits)).contains(
                "wrong value for base.teacher.exact\n  found: data whose distribution is not known\n  allowed: a teacher that is "
                    + "trained, or planar eightGaussians, a mixture of Gaussians"))
        #expect(refusal(yaml("{exact: {}}")).contains("missing key 'network' in base.teacher.exact"))
        #expect(
            refusal(yaml("{exact: {network: \(Self.network), labelDropout: 0}}")).contains(
                "missing key 'optimization' in base.teacher.exact"))
        #expect(
            refusal(yaml("{exact: {network: \(Self.network), times: 1, optimisation: 1}}")).contains(
                "did you mean 'optimization'?"))
        #expect(
            refusal(yaml("{exact: {network: \(Self.network)}, labelDropout: 0}")).contains(
                "unknown key 'labelDropout' in base.teacher"))
        let weak = untrained.changing(
            "  student:\n", to: "  weakTeacher: {exact: {network: \(Self.network)}}\n  student:\n")
        #expect(refusal(weak).contains("wrong value for base.weakTeacher\n  found: exact\n"))
    }

    @Test("an adaptive or a stochastic sampler makes the reference, evaluations counted as they fell")
    func samplers() async throws {
        let adaptive = untrained.changing(
            "{heun: {steps: 4}}", to: "{adaptive: {relative: 1.0e-3, absolute: 1.0e-6}}"
        )
        let sde = untrained.changing(
            "{heun: {steps: 4}}", to: "{sde: {steps: 20, last: 0.04, diffusion: sigma, scale: 1}}")
        for (text, isStochastic) in [(adaptive, false), (sde, true)] {
            let study = try study(text)
            let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
            #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
            let record = try Record.read(results.record(study.runs[0]))
            #expect(record.evaluation.names.contains("pairedError") == !isStochastic)
            #expect((record.drift == nil) == isStochastic)
            let evaluations = record.reference.floorEvaluations
            #expect(isStochastic ? evaluations == 20 : evaluations > 20 && (evaluations - 2).isMultiple(of: 6))
        }
        #expect(
            refusal(sde.changing("features: coordinates", to: "features: coordinates\n    metrics: [pairedError]"))
                .contains("found: pairedError\n  allowed: with sde none from the same noise"))
    }
}
