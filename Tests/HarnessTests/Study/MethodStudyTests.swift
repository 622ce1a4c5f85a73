import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Harness

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
              allowed: start, states, times, target, weighting, guidance, beside, labelDropout, auxiliary, sampling
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

    @Test("and its runs are done, on points and on images with classes", arguments: ["kd", "shortcut", "dmd2", "imm"])
    func runs(name: String) async throws {
        let parts =
            name == "kd"
            ? "{states: {teacherSamples: {count: 20, sampler: {heun: {steps: 2}}, coupling: paired}}}" : "{}"
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
