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
    /// The tiny study with one objective and one seed.
    private func yaml(_ objective: String) -> String {
        TinyStudy.planar.components(separatedBy: "axes:")[0]
            + "axes:\n  objective: {it: {student: {objective: !replace \(objective)}}}\n"
    }

    private func objective(_ text: String) throws -> Objective {
        try Study(yaml: yaml(text), file: "study.yaml").runs[0].specification.student.objective
    }

    @Test("and gets its parts, which written out and read again are the same", arguments: MethodName.allCases)
    func roundTrip(name: MethodName) throws {
        let found = try objective(name.rawValue)
        #expect(found == .method(name.method))
        #expect(try objective("{\(name.rawValue): {}}") == found)
        let written = try CanonicalEncoder().encode(found).yaml()
        let tree = try SpecTree(yaml: written, file: "written.yaml")
        #expect(try StrictDecoder().decode(Objective.self, from: tree) == found)
        #expect(try JSONDecoder().decode(Objective.self, from: JSONEncoder().encode(found)) == found)
    }

    @Test("and change a part of it, or take away what is beside it")
    func changes() throws {
        guard
            case .method(let shortcut) = try objective(
                "{shortcut: {states: studentPath, beside: {share: 0}, start: teacher, sampling: {gamma: {value: 0.5}}}}"
            )
        else { return }
        #expect(shortcut.main.states == .studentPath && shortcut.beside == nil && shortcut.start == .teacher)
        #expect(shortcut.main.target == MethodName.shortcut.method.main.target)
        #expect(shortcut.sampling == .gamma(value: 0.5) && shortcut.isDataFree)
        let written = try CanonicalEncoder().encode(Objective.method(shortcut)).yaml()
        let tree = try SpecTree(yaml: written, file: "written.yaml")
        #expect(try StrictDecoder().decode(Objective.self, from: tree) == .method(shortcut))
        guard case .method(let lsd) = try objective("{lsd: {beside: {share: 0.5}}}") else { return }
        #expect(lsd.beside?.share == 0.5 && lsd.beside?.term == MethodName.lsd.method.beside?.term)
    }

    @Test("or one that makes no sense, and is told what would fit", arguments: refusals)
    func refused(objective: String, text: String) {
        let error = errorText { try Study(yaml: yaml(objective), file: "study.yaml").runs.count }
        #expect(error.contains(text), "\(error)")
    }

    static let refusals: [(String, String)] = [
        (
            "{shortcut: {times: {diagonal: {times: {point: {at: 0.5}}}}}}",
            """
            wrong value for base.student.objective.shortcut.times
              found: diagonal
              allowed: pairs with t above s, as the target lies between the two
            """
        ),
        (
            "{kd: {states: prior}}",
            """
            wrong value for base.student.objective.kd.states
              found: prior
              allowed: data, teacherSamples or studentSamples, as the target is of the pair of sample and noise that a state is made from
            """
        ),
        (
            "{sdei: {target: {secant: {velocity: conditional, estimate: interior}}}}",
            """
            wrong value for base.student.objective.sdei.target.secant.velocity
              found: conditional
              allowed: teacher or student: it is asked at a state that the student made, which belongs to no pair
            """
        ),
        (
            "{vsd: {times: {grid: {steps: 4}}}}",
            """
            wrong value for base.student.objective.vsd.times
              found: grid
              allowed: toData, as laws are compared of samples, which are at s = 0
            """
        ),
        (
            "{sdei: {auxiliary: {rate: 1, updates: 1}, target: {score: {levels: {point: {at: 0.5}}, weight: velocity}}}}",
            "wrong value for base.student.objective.sdei.times\n  found: pair\n"
        ),
        (
            "{kd: {target: {score: {levels: {point: {at: 0.5}}, weight: velocity}}}}",
            """
            wrong value for base.student.objective.kd.auxiliary
              found: none
              allowed: rate and updates, as a target compares the law of the student's samples
            """
        ),
        (
            "{sdei: {beside: {share: 0.5}}}",
            """
            wrong value for base.student.objective.sdei.beside
              found: a part of an objective
              allowed: share, states, times, target and weighting, as sdei has nothing beside it to change
            """
        ),
        (
            "{progressive: {times: {halving: {steps: 10, stages: 3}}}}",
            """
            wrong value for base.student.objective.progressive.times.halving.steps
              found: 10
              allowed: a multiple of 4, which 3 stages halve to a whole number
            """
        ),
        (
            "{shortcut: {stats: prior}}",
            """
            unknown key 'stats' in base.student.objective.shortcut
              allowed: start, states, times, target, weighting, guidance, beside, labelDropout, auxiliary, sampling, samplingGuidance, conditioning, head
              did you mean 'states'?
            """
        ),
        ("{shortcat: {}}", "did you mean 'shortcut'?"),
        (
            "{imm: {target: {moments: {neighbour: {grid: {levels: 8}}, solver: euler, group: 5, "
                + "weight: {power: 1, bias: 4}}}}}",
            "wrong value for base.student.optimization.batch\n  found: 16\n"
        ),
        (
            "{sdei: {guidance: {scale: 2, from: 0, to: 1}}}",
            """
            wrong value for base.student.objective.sdei.guidance
              found: scale 2.0
              allowed: no guidance, as the data have no classes
            """
        ),
    ]

    @Test("and is told which parts cannot go together", arguments: misfits)
    func misfit(objective: String, text: String) {
        let error = errorText { try Study(yaml: yaml(objective), file: "study.yaml").runs.count }
        #expect(error.contains("wrong value for base.student.objective.\(text)"), "\(error)")
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
            "{lsd: {beside: {\(guided)}}}",
            """
            lsd.beside.guidance
              found: scale 2.0
              allowed: scale 1, or labelDropout above 0, as the student itself has to know what no class is
            """
        ),
        (
            "{lsd: {labelDropout: 0.1, \(guided), beside: {\(guided)}}}",
            """
            lsd.guidance
              found: scale 2.0
              allowed: none, as the velocity is the student's own, which beside.guidance guides already
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
            "{meanFlowFromScratch: {labelDropout: 0.1, guidance: {scale: 2, from: 0, to: 1, by: weakTeacher}}}",
            """
            meanFlowFromScratch.guidance.by
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
        // A single time, written as a law of pairs.
        (
            "{psd: {times: {pair: {first: {point: {at: 0.5}}, second: {uniform: {from: 0.5, to: 0.5}}, equal: 0}}}}",
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
                + "times: {count: 4, lowest: 1, highest: 6}, rate: 0}}}}",
            "lsd.weighting.learned.rate\n  found: 0.0\n  allowed: more than 0\n"
        ),
    ]

    @Test("and change the network's form and the weight of times, or take them away")
    func forms() throws {
        guard
            case .method(let piFlow) = try objective(
                "{piFlow: {states: prior, head: {grid: {points: 4, substeps: 32}}, conditioning: {decoupled: {early: 0.5}}}}"
            )
        else { return }
        #expect(piFlow.isDataFree && piFlow.form.head == .grid(points: 4, substeps: 32))
        guard
            case .method(let plain) = try objective(
                "{decoupledMeanFlow: {conditioning: duration, weighting: {space: velocity, residual: plain, time: one}}}"
            )
        else { return }
        #expect(plain.form == .plain && plain.main.weighting.learned == nil)
        for method in [piFlow, plain] {
            let written = try CanonicalEncoder().encode(Objective.method(method)).yaml()
            let tree = try SpecTree(yaml: written, file: "written.yaml")
            #expect(try StrictDecoder().decode(Objective.self, from: tree) == .method(method))
        }
    }

    @Test("and its guidance is taken where a target, or the making of its states, looks at it")
    func takenGuidance() throws {
        let accepted = [
            "{progressive: {states: {teacherPath: {sampler: {heun: {steps: 2}}}}, \(Self.guided)}}",
            "{kd: {\(Self.guided)}}", "{vsd: {\(Self.guided)}}", "{cd: {\(Self.guided)}}", "{piFlow: {\(Self.guided)}}",
            "{meanFlowFromScratch: {labelDropout: 0.1, \(Self.guided)}}",
            "{progressive: {guidance: {scale: 1, from: 0, to: 1}}}",
        ]
        for text in accepted {
            let yaml =
                TinyStudy.digits.components(separatedBy: "axes:")[0]
                + "axes:\n  objective: {it: {student: {objective: !replace \(text)}}}\n"
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
                    + "axes:\n  objective: {it: {student: {objective: !replace {\(name): \(parts)}}}}\n"
                let study = try Study(yaml: text, file: "study.yaml")
                let plan = Plan(study, results: ResultsFolder(folder + "/\(base.count)"))
                let endings = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
                #expect(endings.map(\.ending).allSatisfy { $0 == .done })
            }
        }
    }
}
