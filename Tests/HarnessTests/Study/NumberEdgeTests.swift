import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Study

@Suite("Numbers at the edges are refused or planned, and never end the program")
struct NumberEdgeTests {
    let folder = TemporaryFolder()

    /// Reads and plans a study as `plan` does.
    private func plan(_ text: String) throws {
        let study = try Study(yaml: text, file: "a.yaml")
        let plan = Plan(study, results: ResultsFolder(folder.path))
        let estimate = Estimate(from: [])
        for item in plan.items {
            let seconds = estimate.seconds(item.stage)
            #expect(seconds >= 0 && seconds.isFinite, "\(item.stage.title): \(seconds) s")
        }
        _ = plan.shortage(of: 0x1p34)
        _ = plan.slowness(estimate, jobs: 1)
        for run in study.runs {
            let bytes = RunDemand(run.specification).bytes
            #expect(bytes > 0 && bytes <= RunDemand.mostBytes)
        }
    }

    @Test(
        "every number of a study takes every edge", arguments: [TinyStudy.planar, TinyStudy.digits, Self.transformer])
    func edges(text: String) {
        var refused = 0, planned = 0
        for place in NumberEdges.places(in: text) {
            for edge in NumberEdges.texts {
                let mutant = text.replacingCharacters(in: place, with: edge)
                do {
                    try plan(mutant)
                    planned += 1
                } catch is SpecError {
                    refused += 1
                } catch {
                    Issue.record("\(edge) in place of \(text[place]): \(error)")
                }
            }
        }
        #expect(refused > 300 && planned > 100, "\(refused) refused, \(planned) planned")
    }

    static let transformer = TinyStudy.digits.changing(
        "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}",
        to: "{sit: {patch: 2, width: 16, depth: 2, heads: 2, times: {count: 4, lowest: 0.5, highest: 6}}}")

    private func refusal(_ setting: String) -> [String?] {
        let error = #expect(throws: SpecError.self) {
            try Study(yaml: TinyStudy.planar, file: "a.yaml", settings: [setting])
        }
        return [error?.issues[0].found, error?.issues[0].allowed]
    }

    @Test("what makes no sense is told with what would")
    func senseless() {
        #expect(
            refusal("base.teacher.times={uniform: {from: 0, to: 0}}")
                == ["0.0", "more than from, 0.0; point is a single time"])
        #expect(
            refusal("base.teacher.times={logitNormal: {location: 0, scale: 0}}")
                == ["0.0", "more than 0 and at most 20; point is a single time"])
        #expect(refusal("base.evaluation.teacher.sampler.heun.steps=1000000000") == ["1000000000", "at most 100000"])
        #expect(refusal("base.sharedSeed=9007199254740993") == ["9007199254740993", "at most 9007199254740992"])
        #expect(
            refusal("base.student.optimization.clip=1e300")
                == ["1e+300", "0, or of a size from 1e-37 to 1e37, as float32 can compute with"])
    }

    @Test("numbers that make sense each by itself and need more than any machine has are told with their size")
    func demand() {
        #expect(
            refusal(
                "base.teacher.network={mlp: {width: 65536, depth: 1024, times: {count: 4, lowest: 0.5, highest: 6}}}")
                == ["numbers that would need 80 TiB", "runs that need at most 16 TiB in all"])
    }

    @Test("a study that this machine cannot hold, or that takes years, is told before it begins")
    func shortage() throws {
        let study = try Study(
            yaml: TinyStudy.planar, file: "a.yaml",
            settings: ["base.teacher.network.mlp.width=65536", "base.teacher.optimization.steps=16777216"])
        let plan = Plan(study, results: ResultsFolder(folder.path))
        #expect(
            plan.shortage(of: 0x1p33) == """
                tiny: the run objective=prediction,seed=0 would need 80 GiB of memory at least
                  found: 80 GiB for teacher.network
                  allowed: the 8 GiB of this machine
                """)
        #expect(plan.shortage(of: 0x1p37) == nil)
        let slowness = plan.slowness(Estimate(from: []), jobs: 2)
        #expect(
            slowness?.hasPrefix("tiny would take about ") == true && slowness?.hasSuffix(" years with 2 jobs") == true)
        let tiny = Plan(try Study(yaml: TinyStudy.planar, file: "a.yaml"), results: ResultsFolder(folder.path))
        #expect(tiny.shortage(of: 0x1p33) == nil && tiny.slowness(Estimate(from: []), jobs: 1) == nil)
    }

    @Test("limits beyond any run are refused")
    func limits() {
        for minutes in ["1e300", "0", "-1", "1e8"] {
            #expect(throws: SpecError.self, "\(minutes)") {
                try Study(yaml: TinyStudy.planar + "limits: {minutes: \(minutes)}\n", file: "a.yaml")
            }
        }
    }
}
