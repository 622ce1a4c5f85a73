import FlowMaps
import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("The studies that come with the package")
struct ExperimentsTests {
    private func study(_ name: String) throws -> Study { try Study(file: "\(Package.folder)/experiments/\(name)") }

    private func names(_ arms: [String], teachers: Int? = nil, seeds: Int) -> [String] {
        let shared = teachers.map { (0..<$0).map { ",sharedSeed=\($0)" } } ?? [""]
        return arms.flatMap { arm in shared.flatMap { shared in (0..<seeds).map { "\(arm)\(shared),seed=\($0)" } } }
    }

    private func teachers(_ study: Study) -> Set<Identity> {
        Set(study.runs.map { RunStage(run: $0).teacher.identity })
    }

    @Test("are the ones looked at here")
    func all() {
        #expect(
            Package.experiments == [
                "alpha.yaml", "baselines.yaml", "decay.yaml", "derivative.yaml", "error-accumulation.yaml",
                "guidance-interval.yaml", "methods-2d.yaml", "mismatch-weighted.yaml", "mismatch.yaml",
                "objectives.yaml", "onset.yaml",
                "precision.yaml",
                "quickstart.yaml", "r-distribution.yaml", "score-distillation.yaml", "search.yaml", "steps.yaml",
                "synergy.yaml", "table1.yaml",
                "teachers.yaml",
            ])
    }

    @Test("decode, and are named as their files", arguments: Package.experiments)
    func decode(file: String) throws {
        let study = try study(file)
        #expect(study.name + ".yaml" == file)
        #expect(study.question.hasSuffix("?"))
        #expect(study.runs.map(\.position) == Array(study.runs.indices))
        #expect(Set(study.runs.map(\.point)).count == study.runs.count)
        #expect(study.runs.allSatisfy { $0.study == study.name })
    }

    @Test("have these runs, in this order")
    func runs() throws {
        let objectives = ["objective=prediction", "objective=correction", "objective=combined"]
        #expect(try study("quickstart.yaml").runs.map(\.point) == names(objectives, teachers: 2, seeds: 3))
        #expect(try study("objectives.yaml").runs.map(\.point) == names(objectives, teachers: 2, seeds: 4))
        let together = ["0", "0.25", "0.5", "0.75", "1"].map { "kind=three,strength=\($0)" }
        let alone = ["shift", "flip", "contrast", "blur"].map { "kind=\($0),strength=1" }
        let arms =
            (together + alone).map { "objective=meanFlow,\($0)" } + ["objective=freeflow"]
            + ["sdei", "cd"].flatMap { name in ["0", "0.5", "1"].map { "objective=\(name),strength=\($0)" } }
        #expect(try study("mismatch.yaml").runs.map(\.point) == names(arms, teachers: 2, seeds: 4))
        #expect(
            try study("precision.yaml").runs.map(\.point)
                == names(["arithmetic=float32", "arithmetic=mixed"], seeds: 4))
        let distributions =
            ["uniform-0.6", "uniform-1.0"] + ["0.0", "0.8", "1.6"].map { "logitNormal-\($0)" }
        #expect(
            try study("r-distribution.yaml").runs.map(\.point)
                == names(distributions.map { "distribution=\($0)" }, teachers: 2, seeds: 4))
    }

    @Test("share the teacher of quickstart, which is trained once")
    func teacher() throws {
        let shared = teachers(try study("quickstart.yaml"))
        #expect(shared.count == 2, "of two seeds")
        // Two for each set of points, transformer or width of their own.
        let own = ["methods-2d.yaml": 2, "objectives.yaml": 2, "table1.yaml": 2]
        // Other widths, points of the plane, other networks.
        let more = ["onset.yaml": 14, "search.yaml": 1, "teachers.yaml": 6]
        for file in Package.experiments {
            let runs = try study(file), teachers = teachers(runs),
                seeds = Set(runs.runs.map(\.specification.sharedSeed))
            #expect(teachers.count == own[file] ?? (seeds.count + (more[file] ?? 0)), "\(file)")
            #expect(teachers.isDisjoint(with: shared) == (own[file] != nil), "\(file) has another teacher")
        }
    }

    @Test(
        "of all methods give each the same number of forward passes, to a step, and are judged in 1, 2, 4 and 8 steps",
        arguments: [("baselines.yaml", 7.68e6), ("methods-2d.yaml", 2.56e6)])
    func budgets(file: String, budget: Double) throws {
        let study = try study(file)
        for name in MethodName.allCases { #expect(study.runs.contains { $0["method"] == name.rawValue }, "\(name)") }
        for run in study.runs {
            let student = run.specification.student, cost = student.trainingCost
            let step = (cost - student.method.bankEvaluations) / Double(student.optimization.steps)
            #expect(cost <= budget && cost + step > budget, "\(run.point): \(cost)")
            let steps = student.method.isOneStepOnly ? [1] : [1, 2, 4, 8]
            #expect(run.specification.mapSteps == steps, "\(run.point)")
        }
        #expect(study.columns?.prefix(2) == ["dataBased", "teacher"] && study.columns?.contains("cost") == true)
    }

    @Test("of ablations, those of one setting are found again under the names of the others")
    func shared() throws {
        func identities(_ file: String) throws -> Set<Identity> {
            Set(try study(file).runs.map { RunStage(run: $0).identity })
        }
        let decay = try identities("decay.yaml")
        // Prediction and the combination by both readings at k = 1 and α = 1, four seeds of two teachers each.
        #expect(try identities("alpha.yaml").intersection(decay).count == 24)
        func trainings(_ file: String) throws -> Set<Identity> {
            Set(try study(file).runs.map { RunStage(run: $0).training.identity })
        }
        // Prediction, and the combination guided to 0.7, by other scores.
        #expect(try trainings("guidance-interval.yaml").intersection(trainings("synergy.yaml")).count == 16)
    }

    @Test("take every arm's parts away or leave them")
    func arms() throws {
        let parts = try study("quickstart.yaml").runs.map { run in
            run.specification.student.method.terms.map { $0.key == nil ? "P" : "C" }.joined()
        }
        #expect(parts == ["P", "C", "PC"].flatMap { part in Array(repeating: part, count: 6) })
    }

    @Test("of mismatch, only data-based students see the data, by the kind and strength of their run")
    func mismatch() throws {
        for run in try study("mismatch.yaml").runs {
            let method = run.specification.student.method
            let names: [String: MethodName] = [
                "meanFlow": "meanFlowFromTeacher", "freeflow": "freeflow", "sdei": "sdei", "cd": "cd",
            ]
            #expect(run["objective"].flatMap { names[$0] } == method.name)
            #expect(run["strength"].flatMap(Double.init) == method.dataAugmentation?.strength)
            #expect(method.isDataFree == (method.name == "freeflow"))
            guard method.name == "meanFlowFromTeacher", let augmentation = method.dataAugmentation else { continue }
            #expect(
                augmentation.kinds.map(\.rawValue) == [run["kind"]]
                    || run["kind"] == "three" && augmentation.kinds.count == 3)
        }
    }
}
