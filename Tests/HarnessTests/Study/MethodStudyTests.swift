import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Study

@Suite("A study may name a method")
struct MethodStudyTests {
    /// The tiny study with one method and one seed.
    private func yaml(_ objective: String) -> String {
        TinyStudy.planar.components(separatedBy: "axes:")[0]
            + "axes:\n  objective: {it: {student: {method: !replace \(objective)}}}\n"
    }

    private func method(_ text: String) throws -> Method {
        try Study(yaml: yaml(text), file: "study.yaml").runs[0].specification.student.method
    }

    @Test("and gets its parts, which written out and read again are the same", arguments: MethodName.allCases)
    func roundTrip(name: MethodName) throws {
        let found = try method(name.rawValue)
        #expect(found == name.method)
        #expect(try method("{\(name.rawValue): {}}") == found)
        let written = try CanonicalEncoder().encode(found).yaml()
        let tree = try SpecTree(yaml: written, file: "written.yaml")
        #expect(try StrictDecoder().decode(Method.self, from: tree) == found)
        #expect(try JSONDecoder().decode(Method.self, from: JSONEncoder().encode(found)) == found)
    }

    @Test("and change a part of it, or take away its second term")
    func changes() throws {
        let shortcut = try method(
            "{shortcut: {states: studentPath, secondTerm: none, start: teacher, sampling: {gamma: {value: 0.5}}}}")
        #expect(shortcut.main.states == .studentPath && shortcut.secondTerm == nil && shortcut.start == .teacher)
        #expect(shortcut.main.target == Method.shortcut.main.target)
        #expect(shortcut.sampling == .gamma(value: 0.5) && shortcut.isDataFree)
        let written = try CanonicalEncoder().encode(shortcut).yaml()
        let tree = try SpecTree(yaml: written, file: "written.yaml")
        #expect(try StrictDecoder().decode(Method.self, from: tree) == shortcut)
        let lsd = try method("{lsd: {secondTerm: {share: 0.5}}}")
        #expect(try method("{lsd: {secondTerm: ~}}").secondTerm == nil)
        #expect(lsd.secondTerm?.share == 0.5 && lsd.secondTerm?.term == Method.lsd.secondTerm?.term)
    }

    @Test("and FreeFlow has its prediction, its correction or both, at other states and with other weights")
    func freeflow() throws {
        let own = Method.freeflow, terms = { (method: Method) in method.terms.map(\.key) }
        #expect(try terms(method("freeflow")) == [nil, "secondTerm"])
        let prediction = try method("{freeflow: {secondTerm: ~}}")
        #expect(terms(prediction) == [nil] && prediction.auxiliary == nil && prediction.main == own.main)
        let correction = try method("{freeflow: {guidance: {scale: 1, from: 0, to: 1}, secondTerm: {share: 1}}}")
        #expect(terms(correction) == ["secondTerm"] && correction.auxiliary == own.auxiliary)
        #expect(
            try correction == method("{freeflow: {secondTerm: {share: 1}}}"), "a first term without rows says nothing")
        let other = try method(
            """
            {freeflow: {states: studentPath, times: {gap: {length: {uniform: {from: 0, to: 1}}}}, start: untrained, \
            target: {lagrangian: {velocity: teacher, derivative: {differences: {intervals: 8}}}}, \
            weighting: {space: velocity, residual: {adaptiveWeight: {power: 0.5, epsilon: 0.01}}, time: one}, \
            secondTerm: {weight: 3, balance: direction}, auxiliary: {learningRateRatio: 1, updates: 3}}}
            """)
        #expect(other.main.states == .studentPath && other.start == .untrained && !other.isOneStepOnly)
        #expect(other.main.target == .lagrangian(velocity: .teacher, derivative: .differences(intervals: 8)))
        #expect(other.secondTerm?.term == own.secondTerm?.term && other.secondTerm?.weight == 3)
        for method in [prediction, correction, other] {
            let tree = try SpecTree(yaml: CanonicalEncoder().encode(method).yaml(), file: "written.yaml")
            #expect(try StrictDecoder().decode(Method.self, from: tree) == method)
        }
        let policy =
            "{freeflow: {head: {grid: {points: 4, substeps: 8}}, secondTerm: ~, target: {imitation: {places: 1, substeps: 4}}}}"
        #expect(try method(policy).form.head == .grid(points: 4, substeps: 8))
    }

    @Test("or one that makes no sense, and is refused with what would fit", arguments: refusals)
    func refused(objective: String, text: String) {
        let error = errorText { try Study(yaml: yaml(objective), file: "study.yaml").runs.count }
        #expect(error.contains(text), "\(error)")
    }

    static let refusals: [(String, String)] = [
        (
            "{shortcut: {times: {diagonal: {times: {point: {at: 0.5}}}}}}",
            """
            wrong value for base.student.method.shortcut.times
              found: diagonal
              allowed: pairs with t above s, as the target lies between the two
            """
        ),
        (
            "{kd: {states: prior}}",
            """
            wrong value for base.student.method.kd.states
              found: prior
              allowed: data, teacherSamples or studentSamples, as the target is of the pair of sample and noise that a state is made from
            """
        ),
        (
            "{sdei: {target: {secant: {velocity: conditional, estimate: interior}}}}",
            """
            wrong value for base.student.method.sdei.target.secant.velocity
              found: conditional
              allowed: teacher or student: it is asked at a state that the student made, which belongs to no pair
            """
        ),
        (
            "{vsd: {times: {grid: {steps: 4}}}}",
            """
            wrong value for base.student.method.vsd.times
              found: grid
              allowed: toData, as distributions are compared of samples, which are at s = 0
            """
        ),
        (
            "{sdei: {auxiliary: {learningRateRatio: 1, updates: 1}, target: {score: {levels: {point: {at: 0.5}}, weight: velocity}}}}",
            "wrong value for base.student.method.sdei.times\n  found: pair\n"
        ),
        (
            "{kd: {target: {score: {levels: {point: {at: 0.5}}, weight: velocity}}}}",
            """
            wrong value for base.student.method.kd.auxiliary
              found: none
              allowed: learningRateRatio and updates, as a target compares the distribution of the student's samples
            """
        ),
        (
            "{sdei: {secondTerm: {share: 0.5}}}",
            """
            wrong value for base.student.method.sdei.secondTerm
              found: a part of a term
              allowed: share, states, times, target and weighting, as sdei has no second term to change
            """
        ),
        (
            "{progressive: {times: {halving: {steps: 10, stages: 3}}}}",
            """
            wrong value for base.student.method.progressive.times.halving.steps
              found: 10
              allowed: a multiple of 4, which 3 stages halve to a whole number
            """
        ),
        (
            "{shortcut: {stats: prior}}",
            """
            unknown key 'stats' in base.student.method.shortcut
              allowed: start, states, times, target, weighting, guidance, secondTerm, labelDropout, auxiliary, sampling, samplingGuidance, conditioning, head
              did you mean 'states'?
            """
        ),
        ("{shortcat: {}}", "did you mean 'shortcut'?"),
        (
            "{freeflow: {secondTerm: {share: 0}}}",
            """
            wrong value for base.student.method.freeflow.secondTerm.share
              found: 0.0
              allowed: more than 0 and at most 1, which is the second term alone; secondTerm: none is the first alone
            """
        ),
        (
            "{freeflow: {secondTerm: nothing}}",
            """
            wrong value for base.student.method.freeflow.secondTerm
              found: nothing
              allowed: none, or the parts that are to be other
            """
        ),
        (
            "{freeflow: {secondTerm: {weight: -1}}}",
            "wrong value for base.student.method.freeflow.secondTerm.weight\n  found: -1.0\n  allowed: at least 0.0\n"
        ),
        (
            "{freeflow: {secondTerm: none, auxiliary: {learningRateRatio: 2, updates: 1}}}",
            """
            wrong value for base.student.method.freeflow.auxiliary
              found: one
              allowed: none, as no target compares the distribution of the student's samples
            """
        ),
        (
            "{freeflow: {target: {lagrangian: {velocity: conditional, derivative: jvp}}}}",
            """
            wrong value for base.student.method.freeflow.target.lagrangian.velocity
              found: conditional
              allowed: teacher or student: it is asked at a state that the student made, which belongs to no pair
            """
        ),
        (
            "{freeflow: {target: {lagrangian: {velocity: teacher, derivative: {differences: {intervals: 0}}}}}}",
            """
            wrong value for base.student.method.freeflow.target.lagrangian.derivative.differences.intervals
              found: 0
              allowed: at least 1
            """
        ),
        (
            "{freeflow: {samplingGuidance: {scale: 2, from: 0, to: 1}}}",
            """
            wrong value for base.student.method.freeflow.samplingGuidance
              found: scale 2.0
              allowed: none, or labelDropout above 0, as the student itself has to know what no class is
            """
        ),
        (
            "{imm: {target: {moments: {neighbour: {grid: {levels: 8}}, solver: euler, group: 5, "
                + "weight: {power: 1, bias: 4}}}}}",
            "wrong value for base.student.optimization.batch\n  found: 16\n"
        ),
        (
            "{sdei: {guidance: {scale: 2, from: 0, to: 1}}}",
            """
            wrong value for base.student.method.sdei.guidance
              found: scale 2.0
              allowed: no guidance, as the data have no classes
            """
        ),
    ]

    @Test("and is refused with the parts that cannot be combined", arguments: misfits)
    func misfit(objective: String, text: String) {
        let error = errorText { try Study(yaml: yaml(objective), file: "study.yaml").runs.count }
        #expect(error.contains("wrong value for base.student.method.\(text)"), "\(error)")
    }

    private static let guided = "guidance: {scale: 2, from: 0, to: 1}"

    /// What is found and what would fit, of each part that another one has no use for.
    static let misfits: [(String, String)] = [
        (
            "{progressive: {\(guided)}}",
            """
            progressive.guidance
              found: scale 2.0
              allowed: none, as semigroup asks no velocity that could be guided at states from data; teacherSamples and \
            teacherPath are made by a guided teacher, and samplingGuidance is the student's own while it is sampled
            """
        ),
        ("{iCT: {\(guided)}}", "iCT.guidance\n  found: scale 2.0\n  allowed: none, as consistency asks no velocity"),
        ("{imm: {\(guided)}}", "imm.guidance\n  found: scale 2.0\n  allowed: none, as moments asks no velocity"),
        (
            "{lsd: {secondTerm: {\(guided)}}}",
            """
            lsd.secondTerm.guidance
              found: scale 2.0
              allowed: scale 1, or labelDropout above 0, as the student itself has to know what no class is
            """
        ),
        (
            "{lsd: {labelDropout: 0.1, \(guided), secondTerm: {\(guided)}}}",
            """
            lsd.guidance
              found: scale 2.0
              allowed: none, as the velocity is the student's own, which secondTerm.guidance guides already
            """
        ),
        (
            "{ect: {samplingGuidance: {scale: 2, from: 0, to: 0.9}}}",
            """
            ect.samplingGuidance
              found: scale 2.0
              allowed: none, or labelDropout above 0, as the student itself has to know what no class is
            """
        ),
        (
            "{meanFlow: {labelDropout: 0.1, guidance: {scale: 2, from: 0, to: 1, by: weakTeacher}}}",
            """
            meanFlow.guidance.by
              found: weakTeacher
              allowed: unconditional, as the velocity is no teacher's and is guided by the student itself
            """
        ),
        (
            "{sdei: {labelDropout: 0.1}}",
            "sdei.labelDropout\n  found: 0.1\n  allowed: 0, as the data have no classes\n"
        ),
        (
            "{piFlow: {head: velocity}}",
            """
            piFlow.head
              found: velocity
              allowed: mixture or grid, as target is imitation, of a network that gives a policy
            """
        ),
        (
            "{sdei: {target: {imitation: {places: 1, substeps: 4}}}}",
            "sdei.head\n  found: velocity\n  allowed: mixture or grid, as target is imitation"
        ),
        (
            "{sdei: {head: {grid: {points: 4, substeps: 8}}}}",
            """
            sdei.target
              found: secant
              allowed: imitation, as head is grid and the network gives a policy; or head: velocity
            """
        ),
        (
            "{piFlow: {times: {diagonal: {times: {uniform: {from: 0, to: 1}}}}}}",
            "piFlow.times\n  found: diagonal\n  allowed: pairs with t above s, as the target lies between the two\n"
        ),
        (
            "{piFlow: {sampling: velocity}}",
            """
            piFlow.sampling
              found: velocity
              allowed: map, restart or gamma, as the network gives a policy for a whole step
            """
        ),
        (
            "{reflow: {sampling: map}}",
            """
            reflow.sampling
              found: map
              allowed: velocity, as the student learns at s = t alone and was never asked for a step
            """
        ),
        // A single time, written as a distribution of pairs.
        (
            "{psd: {times: {pair: {first: {point: {at: 0.5}}, second: {point: {at: 0.5}}, equal: 0}}}}",
            "psd.times\n  found: pair\n  allowed: pairs with t above s, as the target lies between the two\n"
        ),
        (
            "{decoupledMeanFlow: {conditioning: {decoupled: {early: 0.1}}}}",
            """
            decoupledMeanFlow.conditioning.decoupled.early
              found: 0.1 of 2 layers
              allowed: a share that leaves one layer at least on each side, of two or more
            """
        ),
        (
            "{decoupledMeanFlow: {conditioning: {decoupled: {early: 1}}}}",
            "decoupledMeanFlow.conditioning.decoupled.early\n  found: 1.0\n  allowed: more than 0 and less than 1\n"
        ),
        (
            "{piFlow: {head: {mixture: {components: 0, over: pixel, substeps: 8}}}}",
            "piFlow.head.mixture.components\n  found: 0\n  allowed: at least 1\n"
        ),
        (
            "{lsd: {weighting: {space: velocity, residual: plain, time: one, learned: {form: gaussian, "
                + "times: {count: 4, lowest: 1, highest: 6}, learningRateRatio: 0}}}}",
            "lsd.weighting.learned.learningRateRatio\n  found: 0.0\n  allowed: more than 0\n"
        ),
    ]

    @Test("and change the network's form and the weight of times, or take them away")
    func forms() throws {
        let piFlow = try method(
            "{piFlow: {states: prior, head: {grid: {points: 4, substeps: 32}}, conditioning: {decoupled: {early: 0.5}}}}"
        )
        #expect(piFlow.isDataFree && piFlow.form.head == .grid(points: 4, substeps: 32))
        let plain = try method(
            "{decoupledMeanFlow: {conditioning: duration, weighting: {space: velocity, residual: plain, time: one}}}")
        #expect(plain.form == .plain && plain.main.weighting.learned == nil)
        for method in [piFlow, plain] {
            let written = try CanonicalEncoder().encode(method).yaml()
            let tree = try SpecTree(yaml: written, file: "written.yaml")
            #expect(try StrictDecoder().decode(Method.self, from: tree) == method)
        }
    }

    @Test("and its guidance is taken where a target, or the making of its states, looks at it")
    func takenGuidance() throws {
        let accepted = [
            "{progressive: {states: {teacherPath: {sampler: {heun: {steps: 2}}}}, \(Self.guided)}}",
            "{kd: {\(Self.guided)}}", "{vsd: {\(Self.guided)}}", "{cd: {\(Self.guided)}}", "{piFlow: {\(Self.guided)}}",
            "{meanFlow: {labelDropout: 0.1, \(Self.guided)}}",
            "{progressive: {guidance: {scale: 1, from: 0, to: 1}}}",
        ]
        for text in accepted {
            let yaml =
                TinyStudy.digits.components(separatedBy: "axes:")[0]
                + "axes:\n  objective: {it: {student: {method: !replace \(text)}}}\n"
            #expect(throws: Never.self, "\(text)") { try Study(yaml: yaml, file: "study.yaml") }
        }
    }

    @Test(
        "and its runs are done, on points and on images with classes",
        arguments: ["kd", "shortcut", "dmd2", "imm", "piFlow", "decoupledMeanFlow"])
    func runs(name: String) async throws {
        let parts =
            switch name {
            case "kd": "{states: {teacherSamples: {count: 20, sampler: {heun: {steps: 2}}, coupling: paired}}}"
            case "piFlow":
                "{head: {mixture: {components: 2, over: pixel, substeps: 4}}, target: {imitation: {places: 2, substeps: 2}}}"
            default: "{}"
            }
        try await withTemporaryFolder { folder in
            for base in [TinyStudy.planar, TinyStudy.digits] {
                let text =
                    base.components(separatedBy: "axes:")[0]
                    + "axes:\n  objective: {it: {student: {method: !replace {\(name): \(parts)}}}}\n"
                let study = try Study(yaml: text, file: "study.yaml")
                let plan = Plan(study, results: ResultsFolder(folder + "/\(base.count)"))
                let endings = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
                #expect(endings.map(\.stageResult).allSatisfy { $0 == .done })
            }
        }
    }
}
