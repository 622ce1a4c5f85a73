import FlowMaps
import Foundation
import TestSupport
import Testing

@Suite("The studies that come with the package run from end to end", .serialized)
struct ExperimentSmokeTests {
    /// Makes any of them a matter of seconds.
    private static let shrunk = [
        "axes.seed=[0]", "base.teacher.optimization.steps=10", "base.teacher.optimization.batch=32",
        "base.student.optimization.steps=10", "base.student.optimization.batch=16", "base.evaluation.samples=40",
        "base.evaluation.measurements=2", "base.evaluation.projections=8", "base.evaluation.savedSamples=10",
        "base.evaluation.teacher.sampler.heun.steps=2", "base.evaluation.features.classifier.optimization.steps=20",
    ]

    /// Those with an axis of teachers.
    private static let ofTwoTeachers: Set = [
        "alpha.yaml", "decay.yaml", "error-accumulation.yaml", "guidance-interval.yaml", "mismatch-weighted.yaml",
        "mismatch.yaml",
        "objectives.yaml", "onset.yaml", "quickstart.yaml", "r-distribution.yaml", "score-distillation.yaml",
        "synergy.yaml", "table1.yaml",
    ]

    /// Of the studies of all methods, which have a budget in place of steps.
    private static let ofMethods: [String: [String]] = {
        let settings = ["base.student.optimization.budget=1920"]
        return ["baselines.yaml": settings, "methods-2d.yaml": settings + ["axes.set={eightGaussians: {}}"]]
    }()

    /// Of those, one method of each kind.
    private static let oneOfEach: String = {
        let kept = ["flowMatching", "shortcut", "ayfEMD", "vsd"]
        let dropped = MethodName.allCases.map(\.rawValue).filter { !kept.contains($0) }
        // Claims on the others go with them.
        return "exclude=[{method: [\(dropped.joined(separator: ", "))]}]"
    }()

    private static func shrunk(_ file: String) -> [String] {
        let arms = ofArms[file] ?? []
        let teachers = ofTwoTeachers.contains(file) ? ["axes.sharedSeed=[0]"] : []
        return arms + teachers
            + shrunk.filter { setting in !arms.contains { $0.hasSuffix(setting.dropFirst("base".count)) } }
            .filter { setting in
                // A budget stands in for the steps, and in the plane there is no classifier.
                ofMethods[file] == nil
                    || !setting.hasPrefix("base.student.optimization.steps")
                        && (file != "methods-2d.yaml" || !setting.contains("classifier"))
            }
    }

    /// Of studies whose arms set some of these numbers themselves: what is set there.
    private static let ofArms: [String: [String]] = [
        // Its claims name steps.
        "objectives.yaml": ["claims=~"],
        "score-distillation.yaml": ["axes.setting.arms.long.student.optimization.steps=10"],
        "search.yaml": ["base.evaluation.search.samples=20"],
        "steps.yaml": [
            "axes.method.reflow.student.method.reflow.states={teacherSamples: {count: 16, sampler: {heun: {steps: 2}}, coupling: paired}}"
        ],
        // One place of the map, which its claims go with.
        "onset.yaml": ["axes.width.values=[8]", "axes.derivative={differences-4: {}}", "claims=~"],
        "teachers.yaml": ["perceptron", "narrow", "wide", "shallow", "transformer", "unguided", "guided-4", "plane"]
            .flatMap { arm in
                [
                    "teacher.optimization.steps=10", "teacher.optimization.batch=32", "student.optimization.steps=10",
                    "student.optimization.batch=16", "evaluation.teacher.sampler.heun.steps=2",
                ].map { "axes.teacher.\(arm).\($0)" }
            } + ["axes.teacher.exact.teacher.exact.optimization.steps=10"],
    ]

    /// Runs whose samples are points of the plane, which have no grids of pictures.
    private static let ofPoints = ["methods-2d.yaml": 4, "onset.yaml": 2, "search.yaml": 2, "teachers.yaml": 2]

    /// All of them where there is time for it: with ABLATE_ALL_STUDIES, as in `.ci/run`; else one of each kind.
    private static let studies = {
        let environment = ProcessInfo.processInfo.environment
        let isWhole = environment["ABLATE_ALL_STUDIES"] != nil || environment["ABLATE_SLOW_TESTS"] != nil
        let ofEachKind: Set = [
            "methods-2d.yaml", "objectives.yaml", "precision.yaml", "quickstart.yaml", "search.yaml", "steps.yaml",
            "teachers.yaml",
        ]
        return Package.experiments.filter { isWhole || ofEachKind.contains($0) }
    }()

    @Test("shrunk", arguments: studies)
    func run(file: String) throws {
        let folder = TemporaryFolder()
        let more = Self.ofMethods[file].map { $0 + [Self.oneOfEach, "claims=~"] } ?? []
        let shrunk = (Self.shrunk(file) + more).flatMap { ["--set", $0] }
        let name = String(file.dropLast(".yaml".count)), study = "results/\(name)"
        let run = try AblateProcess(
            ["run", "\(Package.folder)/experiments/\(file)", "--set", "study=\(name)"] + shrunk, in: folder.path)
        #expect(run.code == 0, "\(run.errors)")
        let runs = [
            "alpha.yaml": 9, "baselines.yaml": 4, "decay.yaml": 15, "derivative.yaml": 6, "error-accumulation.yaml": 5,
            "guidance-interval.yaml": 7, "methods-2d.yaml": 4, "mismatch-weighted.yaml": 8, "mismatch.yaml": 16,
            "objectives.yaml": 3,
            "onset.yaml": 6, "precision.yaml": 2, "quickstart.yaml": 3, "r-distribution.yaml": 5, "search.yaml": 7,
            "score-distillation.yaml": 16, "steps.yaml": 6,
            "synergy.yaml": 12, "table1.yaml": 14, "teachers.yaml": 9,
        ]
        let count = try #require(runs[file], "how many runs has \(file)?")
        #expect(run.output.contains("Wrote \(study)/<\(count) runs>/run.h5\n"))
        let grids = count - (Self.ofPoints[file] ?? 0)
        for name in ["table.csv", "table.md"] + (grids > 0 ? ["grid.png"] : []) {
            #expect(folder.contains("\(study)/\(name)"))
        }
        #expect(try folder.files().keys.filter { $0.hasSuffix("=0/grid.png") }.count == grids)
        #expect(!run.output.contains("nan") && !run.output.contains("diverged"))
        #expect(try AblateProcess(["show", study], in: folder.path).code == 0)
    }

    @Test(
        "with every method, and print the table that compares them",
        .enabled(if: ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] != nil, "make test-all runs it"),
        arguments: ["baselines.yaml", "methods-2d.yaml"])
    func methods(file: String) throws {
        let folder = TemporaryFolder()
        // A bank of thousands of samples would take all of the budget.
        let states = "{teacherSamples: {count: 16, sampler: {heun: {steps: 2}}, coupling: paired}}"
        let banks = ["kd.student.method.kd", "reflow.student.method.reflow", "dmd.student.method.dmd.secondTerm"]
        let settings =
            Self.shrunk(file) + Self.ofMethods[file]! + ["claims=~", "study=\(file.dropLast(".yaml".count))"]
            + banks.map { "axes.method.\($0).states=\(states)" }
        let run = try AblateProcess(
            ["run", "\(Package.folder)/experiments/\(file)"] + settings.flatMap { ["--set", $0] }, in: folder.path)
        #expect(run.code == 0, "\(run.errors)")
        let study = "results/" + file.dropLast(".yaml".count)
        #expect(run.output.contains("Wrote \(study)/<\(MethodName.allCases.count) runs>/run.h5\n"))
        let rows = try AblateProcess(["show", study, "--format", "markdown"], in: folder.path).output.split(
            separator: "\n")
        let head = try #require(rows.first?.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) })
        #expect(head.contains("data-based?") && head.contains("teacher?") && head.contains { $0.contains("@8") })
        for name in MethodName.allCases.map(\.rawValue) {
            let row = rows.first { $0.contains("| \(name) ") }
            let cells = try #require(row, "\(name) is not in the table").split(separator: "|")
            #expect(cells.count(where: { $0.contains("nan") || $0.contains("diverged") }) == 0, "\(name)")
        }
    }
}
