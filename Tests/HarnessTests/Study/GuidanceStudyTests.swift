import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("Guidance in a study") struct GuidanceStudyTests {
    private let weakTeacher = """
          weakTeacher:
            network: {mlp: {width: 8, depth: 1, times: {count: 4, lowest: 0.5, highest: 6}}}
            times: {uniform: {from: 0, to: 1}}
            labelDropout: 0
            optimization: {steps: 10, batch: 16, learningRate: 1.0e-2, warmUp: 0, cooldown: 0.5, clip: 1, ema: {halfLife: 0.05}}
          student:
        """
    private let weighting =
        "weighting: {space: velocity, residual: {adaptiveWeight: {power: 1, epsilon: 1.0e-4}}, time: one}"

    /// A student for scales from 1 to 3.
    private var drawn: String {
        TinyStudy.digits.changing(
            "  student:\n    optimization",
            to: "  student:\n    guidanceScales: {uniform: {from: 1, to: 3}}\n    optimization"
        )
        .changing(weighting, to: weighting + "\n        guidance: {scale: drawn, from: 0, to: 1}")
        .changing("    savedSamples: 8", to: "    savedSamples: 8\n    guidanceScale: 2")
    }

    private var weaklyGuided: String {
        TinyStudy.planar.changing("  student:", to: weakTeacher)
            .changing(weighting, to: weighting + "\n        guidance: {scale: 2, from: 0, to: 1, by: weakTeacher}")
    }

    private func study(_ yaml: String) throws -> Study { try Study(yaml: yaml, file: "study.yaml") }

    private func refusal(_ yaml: String) -> String { errorText { try study(yaml) } }

    private func carryOut(_ yaml: String) async throws -> (
        results: ResultsFolder, endings: [StageResult], folder: TemporaryFolder
    ) {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.path)
        let plan = Plan(try study(yaml), results: results)
        let endings = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
        return (results, endings.map(\.stageResult), folder)
    }

    @Test("a student of many scales is trained and judged at the one asked for")
    func drawnScales() async throws {
        let specification = try study(drawn).runs[0].specification
        #expect(
            specification.student.guidanceScales == .uniform(from: 1, to: 3)
                && specification.evaluation.guidanceScale == 2)
        let (results, endings, folder) = try await carryOut(drawn)
        #expect(endings.allSatisfy { $0 == .done })
        let record = try Record.read(results.record(study(drawn).runs[0]))
        #expect(record.run.specification == specification)
        withExtendedLifetime(folder) {}
    }

    @Test("the scale asked for changes the run alone")
    func identity() throws {
        let original = try study(drawn).runs[0],
            other = try study(drawn.changing("guidanceScale: 2\n", to: "guidanceScale: 3\n")).runs[0]
        #expect(RunStage(run: original).identity != RunStage(run: other).identity)
        #expect(RunStage(run: original).reference.identity == RunStage(run: other).reference.identity)
    }

    @Test("a weak teacher is work of its own, which the run needs, and the reference where it is guided by it")
    func weakTeacher() async throws {
        let stage = RunStage(run: try study(weaklyGuided).runs[0])
        #expect(Stage.run(stage).needs.map(\.kind) == ["teacher", "teacher", "reference", "training"])
        #expect(Stage.reference(stage.reference).needs.map(\.kind) == ["teacher"])
        let both = weaklyGuided.changing(
            "{sampler: {heun: {steps: 4}}}",
            to: "{sampler: {heun: {steps: 4}}, guidance: {scale: 2, from: 0, to: 1, by: weakTeacher}}")
        let reference = RunStage(run: try study(both).runs[0]).reference
        #expect(Stage.reference(reference).needs.map(\.kind) == ["teacher", "teacher"])
        #expect(reference.identity != stage.reference.identity)
        let (results, endings, folder) = try await carryOut(both)
        #expect(endings == Array(repeating: .done, count: 11))
        let record = try Record.read(results.record(study(both).runs[0]))
        // Heun of 4 steps is 7 evaluations, each of two networks.
        #expect(record.reference.floorEvaluations == 14)
        withExtendedLifetime(folder) {}
    }

    @Test("what does not fit together is refused")
    func refusals() {
        #expect(
            refusal(drawn.changing("\n    guidanceScale: 2", to: "")).contains(
                "base.evaluation\n  found: no guidanceScale\n"
                    + "  allowed: the scale that the student is asked for, as student.guidanceScales has a distribution"
            ))
        #expect(
            refusal(drawn.changing("\n    guidanceScales: {uniform: {from: 1, to: 3}}", to: "")).contains(
                "base.student.method.freeflow.guidance.scale\n  found: drawn\n"
                    + "  allowed: a number, or a distribution in student.guidanceScales"))
        #expect(
            refusal(drawn.changing("scale: drawn", to: "scale: 2")).contains(
                "base.student.method.freeflow.guidance.scale\n  found: 2.0\n"
                    + "  allowed: drawn, as student.guidanceScales has a distribution"))
        #expect(
            refusal(drawn.changing("scale: drawn", to: "scale: draw")).contains(
                "base.student.method.freeflow.guidance.scale\n  found: draw\n"
                    + "  allowed: a decimal number, or the word drawn"))
        #expect(
            refusal(TinyStudy.digits.changing("    savedSamples: 8", to: "    savedSamples: 8\n    guidanceScale: 2"))
                .contains(
                    "base.evaluation.guidanceScale\n  found: 2.0\n  allowed: nothing, as student.guidanceScales has no distribution"
                ))
        #expect(
            refusal(weaklyGuided.changing(", by: weakTeacher", to: "")).contains(
                "guidance\n  found: scale 2.0\n  allowed: no guidance, as the data have no classes"))
        #expect(
            refusal(TinyStudy.planar.changing("  student:", to: weakTeacher)).contains(
                "base.weakTeacher\n  found: a teacher that no guidance leads away from\n"
                    + "  allowed: nothing, or some guidance with by: weakTeacher and another scale than 1"))
        #expect(
            refusal(
                TinyStudy.planar.changing(
                    weighting, to: weighting + "\n        guidance: {scale: 2, from: 0, to: 1, by: weakTeacher}")
            ).contains("guidance.by\n  found: weakTeacher\n  allowed: unconditional, as base has no weakTeacher"))
        #expect(
            refusal(
                TinyStudy.planar.changing(
                    weighting, to: weighting + "\n        guidance: {scale: 2, from: 0, to: 1, by: weakTeachers}")
            ).contains("did you mean 'weakTeacher'?"))
    }

    @Test("a published size is a name, and a misspelt one is refused with its nearest")
    func sizes() throws {
        let network = "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"
        func sized(_ text: String) -> String {
            TinyStudy.digits.changing(network, to: "{sit: {\(text), times: {count: 4, lowest: 0.5, highest: 6}}}")
        }
        let shape = try study(sized("size: S/2")).runs[0].specification.teacher.network
        guard case .sit(let sit) = shape else { fatalError("it says sit") }
        #expect((sit.patch, sit.width, sit.depth, sit.heads) == (2, 384, 12, 6))
        #expect(
            refusal(sized("size: XXL/2")).contains(
                """
                unknown case 'XXL/2' for base.teacher.network.sit.size
                  allowed: S/2, S/4, S/8, B/2, B/4, B/8, L/2, L/4, L/8, XL/2, XL/4, XL/8
                  did you mean 'XL/2'?
                """))
        #expect(
            refusal(sized("size: S/3")).contains(
                "base.teacher.network.sit.size\n  found: 3\n  allowed: a divisor of the image's sides, 8 and 8"))
        #expect(refusal(sized("size: S/2, patch: 2")).contains("unknown key 'patch' in base.teacher.network.sit"))
        #expect(refusal(sized("patch: 2, width: 8, depth: 1")).contains("missing key 'heads'"))
        #expect(refusal(sized("size: S/2, outputs: variance")).contains("allowed: velocity, velocityAndVariance"))
    }
}
