import FlowMaps
import TestSupport
import Testing

@testable import Study

@Suite("A budget in place of steps")
struct BudgetTests {
    private static let place = "base.student.optimization"

    private func study(_ budget: String, _ settings: [String] = []) throws -> Study {
        try Study(
            yaml: TinyStudy.planar, file: "study.yaml",
            settings: ["\(Self.place).steps=~", "\(Self.place).budget=\(budget)"] + settings)
    }

    private func refusal(_ budget: String, _ settings: [String] = []) -> String {
        errorText { try study(budget, settings) }
    }

    @Test("gives each method as many whole steps as its rows allow, and is then forgotten")
    func steps() throws {
        // 16 rows of 5 passes each, or of ¾ · 5 + ¼ · 7.
        let students = try study("1760").runs.map(\.specification.student)
        #expect(students.map(\.optimization.steps) == [22, 22, 20, 20])
        #expect(students.allSatisfy { $0.trainingCost == 1760 })
        let told = try Study(yaml: TinyStudy.planar, file: "study.yaml").runs[2]
        #expect(
            RunStage(run: try study("1.76e3").runs[2]).identity == RunStage(run: told).identity, "20 steps by any name")
        #expect(try study("1847").runs[2].specification.student.optimization.steps == 20, "no more than it allows")
    }

    @Test("pays for a bank of the teacher's samples before the first step")
    func bank() throws {
        let states = "{teacherSamples: {count: 100, sampler: {heun: {steps: 4}}, coupling: paired}}"
        let student = try study(
            "1660", ["base.student.method=!replace {kd: {states: \(states)}}", "axes={seed: [0]}"]
        ).runs[0].specification.student
        // 100 samples of 7 evaluations, then 20 steps of 16 rows of 3 passes.
        #expect(student.optimization.steps == 20 && student.trainingCost == 1660)
    }

    @Test("is refused beside steps, where it is less than a step, and where there is no student")
    func refused() throws {
        #expect(
            errorText {
                try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["\(Self.place).budget=1760"])
            } == """
                --set base.student.optimization.budget=1760: wrong value for base.student.optimization.budget
                  found: steps and a budget
                  allowed: one of them: the other is taken away by ~, as in {steps: ~, budget: 3.0e+6}
                  in the run objective=prediction,seed=0
                """)
        #expect(
            refusal("79") == """
                --set base.student.optimization.budget=79: wrong value for base.student.optimization.budget
                  found: 79.0
                  allowed: forward passes for a step at least: 80.0
                  in the run objective=prediction,seed=0
                """)
        #expect(refusal("0").contains("found: 0.0\n  allowed: more than 0"))
        #expect(refusal("1e12").contains("allowed: forward passes for at most 16777216 steps of 80.0"))
        #expect(refusal("many").contains("allowed: a decimal number"))
        #expect(
            errorText {
                try Study(
                    yaml: TinyStudy.planar, file: "study.yaml", settings: ["base.teacher.optimization.budget=1760"])
            }.contains("unknown key 'budget' in base.teacher.optimization"))
        #expect(
            errorText {
                try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["\(Self.place).steps=~"])
            }.contains("found: ~\n  allowed: a whole number, or a budget of forward passes in its place"))
    }
}
