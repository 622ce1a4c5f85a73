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
        "base.evaluation.measurements=2", "base.evaluation.directions=8", "base.evaluation.kept=10",
        "base.evaluation.teacher.sampler.heun.steps=2", "base.evaluation.features.classifier.optimization.steps=20",
    ]

    /// Of the studies of all methods, one of each kind; their arms set the steps.
    private static let ofMethods: [String: [String]] = {
        let kept = ["flowMatching", "shortcut", "ayfEMD", "vsd"]
        let dropped = MethodName.allCases.map(\.rawValue).filter { !kept.contains($0) } + ["freeflow"]
        let settings =
            ["exclude=[{method: [\(dropped.joined(separator: ", "))]}]"]
            + kept.map { "axes.method.\($0).student.optimization.steps=10" }
        return ["baselines.yaml": settings, "methods-2d.yaml": settings + ["axes.set={eightGaussians: {}}"]]
    }()

    @Test("shrunk", arguments: Package.experiments)
    func run(file: String) throws {
        let folder = TemporaryFolder()
        let more = Self.ofMethods[file] ?? []
        let settings = Self.shrunk.filter { setting in
            // Their arms set the steps, and in the plane there is no classifier.
            more.isEmpty
                || !setting.hasPrefix("base.student.optimization.steps")
                    && (file != "methods-2d.yaml" || !setting.contains("classifier"))
        }
        let shrunk = (settings + more).flatMap { ["--set", $0] }
        let run = try AblateProcess(["run", "\(Package.folder)/experiments/\(file)"] + shrunk, in: folder.path)
        #expect(run.code == 0, "\(run.errors)")
        let study = "results/" + file.dropLast(".yaml".count)
        let runs = [
            "baselines.yaml": 4, "methods-2d.yaml": 4, "mismatch.yaml": 6, "objectives.yaml": 3, "precision.yaml": 2,
            "quickstart.yaml": 3, "r-law.yaml": 6, "table1.yaml": 17,
        ]
        let count = try #require(runs[file], "how many runs has \(file)?")
        #expect(run.output.contains("Wrote \(study)/<\(count) runs>/run.h5\n"))
        // Points of the plane have no grids of pictures.
        let hasGrids = file != "methods-2d.yaml"
        for name in ["table.csv", "table.md"] + (hasGrids ? ["grid.png"] : []) {
            #expect(folder.contains("\(study)/\(name)"))
        }
        #expect(try folder.files().keys.filter { $0.hasSuffix("=0/grid.png") }.count == (hasGrids ? count : 0))
        #expect(!run.output.contains("nan") && !run.output.contains("diverged"))
        #expect(try AblateProcess(["show", study], in: folder.path).code == 0)
    }
}
