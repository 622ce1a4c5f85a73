import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("Work is found again by what decides it")
struct WorkIdentityTests {
    /// The identities of all that the first run of a study is made of.
    private struct Names: Equatable {
        let teacher, classifier, reference, training, run: Identity?

        init(_ yaml: String, _ settings: [String] = []) throws {
            let study = try Study(yaml: yaml, file: "study.yaml", settings: settings)
            let stage = RunStage(run: study.runs[0])
            teacher = stage.teacher.identity
            classifier = stage.reference.classifier?.identity
            reference = stage.reference.identity
            training = stage.training.identity
            run = stage.identity
        }

        /// What differs, a letter each.
        func differences(from other: Names) -> String {
            [("T", \Names.teacher), ("C", \.classifier), ("R", \.reference), ("S", \.training), ("E", \.run)]
                .filter { self[keyPath: $0.1] != other[keyPath: $0.1] }.map(\.0).joined()
        }
    }

    private func change(_ setting: String, in yaml: String = TinyStudy.digits) throws -> String {
        try Names(yaml, [setting]).differences(from: Names(yaml))
    }

    @Test(
        "what decides the student changes its training, and so its evaluation",
        arguments: [
            "axes.seed=[5, 6]", "base.student.optimization.steps=21", "base.student.optimization.learningRate=2.0e-3",
            "base.student.optimization.batch=17",
            "base.student.optimization.precision=mixed",
            "base.student.optimization.clip=~",
            "base.student.method.freeflow.target.lagrangian.derivative={differences: {intervals: 4}}",
            "base.student.method.freeflow.weighting.residual.adaptiveWeight.epsilon=1.0e-3",
        ])
    func student(setting: String) throws { #expect(try change(setting) == "SE") }

    @Test(
        "how often, in how many steps a student is judged and what is kept change the evaluation alone",
        arguments: ["base.evaluation.savedSamples=7", "base.evaluation.measurements=3", "base.evaluation.steps=[1, 2]"])
    func evaluation(setting: String) throws { #expect(try change(setting) == "E") }

    @Test(
        "saying what is so anyway changes nothing",
        arguments: ["base.student.optimization.precision=float32", "base.teacher.optimization.threads=1"])
    func said(setting: String) throws { #expect(try change(setting) == "") }

    @Test(
        "threads change nothing: results have the bits of one",
        arguments: ["base.student.optimization.threads=2", "base.teacher.optimization.threads=3"])
    func threads(setting: String) throws { #expect(try change(setting) == "") }

    @Test(
        "what decides the teacher changes all that is made from it",
        arguments: [
            "base.teacher.optimization.steps=41", "base.teacher.labelDropout=0.2", "base.teacher.network.mlp.width=17",
            "base.teacher.times={point: {at: 0.5}}",
        ])
    func teacher(setting: String) throws { #expect(try change(setting) == "TRSE") }

    @Test(
        "what decides the judging changes the reference and the evaluation, and trains nothing anew",
        arguments: [
            "base.evaluation.samples=65", "base.evaluation.projections=9",
            "base.evaluation.teacher.sampler.heun.steps=5",
            "base.evaluation.teacher.guidance.scale=3",
        ])
    func judging(setting: String) throws { #expect(try change(setting) == "RE") }

    @Test("what decides the classifier, the seed that all share, or the data, changes what is made from those")
    func shared() throws {
        #expect(try change("base.evaluation.features.classifier.width=17") == "CRE")
        #expect(try change("base.sharedSeed=1") == "TCRSE")
        #expect(try change("base.data.planar.count=201", in: TinyStudy.planar) == "TRSE")
    }

    @Test("names and spellings change nothing")
    func names() throws {
        let yaml = TinyStudy.digits
        let original = try Names(yaml)
        #expect(try Names(yaml.changing("study: tiny", to: "study: other")) == original)
        #expect(try Names(yaml.changing("question: Does it run?", to: "question: Why?")) == original)
        #expect(try Names(yaml.changing("  objective:\n    prediction", to: "  arm:\n    alone")) == original)
        #expect(
            try Names(
                yaml.changing("{from: 0, to: 1}}\n    labelDropout", to: "{to: 1.0, from: 0e0}}\n    labelDropout"))
                == original)
        #expect(try Names(yaml, ["axes.seed=[0]"]) == original)
    }

    @Test("the runs of a study differ from each other, and their titles say how")
    func runs() throws {
        let works = try Study(yaml: TinyStudy.planar, file: "study.yaml").runs.map { Stage.run(RunStage(run: $0)) }
        #expect(Set(works.map(\.identity)).count == 4)
        #expect(works.map(\.title) == works.map { if case .run(let stage) = $0 { stage.run.point } else { "" } })
        #expect(works.map(\.steps) == [2, 2, 2, 2], "a step a measurement")
        let teacher = try #require(works[0].needs.first)
        #expect(teacher.title == "teacher \(teacher.identity.hex.prefix(6))")
        #expect(teacher.steps == 40)
    }

    @Test("a run needs the teacher, the classifier and the reference")
    func needs() throws {
        let digits = Stage.run(RunStage(run: try Study(yaml: TinyStudy.digits, file: "study.yaml").runs[0]))
        try #require(digits.needs.map(\.kind) == ["teacher", "classifier", "reference", "training"])
        #expect(digits.needs[2].needs == Array(digits.needs[..<2]))
        let planar = Stage.run(RunStage(run: try Study(yaml: TinyStudy.planar, file: "study.yaml").runs[0]))
        #expect(planar.needs.map(\.kind) == ["teacher", "reference", "training"])
    }
}
