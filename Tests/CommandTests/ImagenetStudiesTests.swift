import CPU
import Execution
import FlowMaps
import Foundation
import Storage
import Tensors
import TestSupport
import Testing
import XLA

@testable import Study

@Suite("The studies of ImageNet", .serialized) struct ImagenetStudiesTests {
    private static let files = [
        "imagenet-ablations", "imagenet-baselines", "imagenet-error-accumulation", "imagenet-freeflow-256",
        "imagenet-freeflow-512", "imagenet-mismatch", "imagenet-search", "imagenet-synergy",
    ]
    private static let runs = [
        "imagenet-ablations": 39, "imagenet-baselines": 9, "imagenet-error-accumulation": 6,
        "imagenet-freeflow-256": 4, "imagenet-freeflow-512": 4, "imagenet-mismatch": 18, "imagenet-search": 9,
        "imagenet-synergy": 9,
    ]

    private static let image = ImageShape(channels: 4, height: 8, width: 8)
    private let folder = TemporaryFolder()

    /// The studies in a folder with generated latents and random tiny teachers, under the names that the studies know.
    init() throws {
        for name in Self.files {
            try FileManager.default.copyItem(
                atPath: "\(Package.folder)/experiments/imagenet/\(name).yaml", toPath: folder.file("\(name).yaml"))
        }
        try FileManager.default.createDirectory(
            atPath: folder.file("files"), withIntermediateDirectories: true)
        let count = 60, dimension = Self.image.channels * Self.image.height * Self.image.width
        let names = ["256", "512"] + ["25", "50", "75", "100"].map { "256-augmented-\($0)" }
        for (seed, name) in names.enumerated() {
            try HDF5File.write(to: folder.file("files/latents-\(name).h5")) { root in
                let values = RandomKey(seed: UInt64(seed)).normal(count: count * dimension)
                _ = try root.write("latents", values, shape: [count, 4, 8, 8])
                try root.write("labels", (0..<count).map { $0 % 3 }, shape: [count]).setAttribute("classes", 3)
            }
        }
        for name in ["sit-xl-2-256", "sit-xl-2-repa-256", "sit-b-2-256", "sit-xl-2-512", "sit-xl-2-repa-512"] {
            try Self.writeTeacher(folder.file("files/\(name).safetensors"), seed: UInt64(name.count))
        }
    }

    private static func writeTeacher(_ path: String, seed: UInt64) throws {
        let shape = NetworkShape.sit(patch: 4, width: 8, depth: 1, heads: 2, times: .published(count: 4))
        let dimension = image.channels * image.height * image.width
        let key = RandomKey(seed: seed)
        var network = shape.build(dimension: dimension, image: image, classes: 3, key: key)
        // Nothing is zero, as the last layer of one that is not trained would be.
        network.visitParameters { name, values in
            values = .normal(values.shape, key: key.folding(name)) * 0.2
        }
        network = try network.materialized(on: CPUBackend())
        let description = CheckpointDescription(
            role: .teacher, model: .network(shape, network), dimension: dimension, image: image, classes: 3,
            range: nil)
        try Checkpoint.write(network, description, origin: "made: here\n", to: path)
    }

    @Test("are those of the folder")
    func all() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(Package.folder)/experiments/imagenet")
        #expect(names.filter { $0.hasSuffix(".yaml") }.sorted() == Self.files.map { $0 + ".yaml" })
    }

    @Test("are read and planned", arguments: files)
    func planned(name: String) throws {
        let study = try Study(file: folder.file("\(name).yaml"))
        #expect(study.name == name && study.question.hasSuffix("?"))
        #expect(study.runs.count == Self.runs[name])
        for run in study.runs {
            let optimization = run.specification.student.optimization
            #expect(optimization.batch == 256 && optimization.execution.precision == .mixed, "\(run.point)")
            #expect(run.specification.evaluation.samples == 50000)
        }
        let card = try AblateProcess(["plan", "\(name).yaml", "--card", "h100"], in: folder.path)
        #expect(card.code == 0, "\(card.errors)")
        #expect(card.output.contains(/On an NVIDIA H100.*: about .* GPU-hours/), "\(card.output)")
    }

    @Test("give each method one budget, that of FreeFlow's 20 epochs")
    func budget() throws {
        for run in try Study(file: folder.file("imagenet-baselines.yaml")).runs {
            let student = run.specification.student
            let step = student.trainingCost / Double(student.optimization.steps)
            #expect(student.trainingCost <= 1.664e8 && student.trainingCost + step > 1.664e8, "\(run.point)")
            if student.method.name == "freeflow" { #expect(student.optimization.steps == 100_000) }
        }
    }

    /// Makes any of them a matter of seconds.
    private static func shrunk(_ name: String) -> [String] {
        let isOfLengths = name.hasPrefix("imagenet-freeflow")
        let lengths =
            isOfLengths
            ? ["axes.epochs.20.student.optimization.steps=4", "axes.epochs.300.student.optimization.steps=6"]
            : ["base.student.optimization.\(name == "imagenet-baselines" ? "budget=1300" : "steps=4")"]
        let all =
            lengths + [
                "study=\(name)", "axes.seed=[0]", "base.student.optimization.batch=16",
                "base.student.optimization.accumulate=2", "base.evaluation.samples=20",
                "base.evaluation.measurements=2",
                "base.evaluation.projections=4", "base.evaluation.savedSamples=4",
                "base.evaluation.teacher.sampler.heun.steps=2",
                "base.evaluation.features.classifier.convolution.channels=[4]",
                "base.evaluation.features.classifier.features=8",
                "base.evaluation.features.classifier.heldOut=0.2",
                "base.evaluation.features.classifier.optimization.steps=5",
                "base.evaluation.features.classifier.optimization.batch=16",
            ]
        switch name {
        case "imagenet-search": return all + ["base.evaluation.search.samples=6"]
        case "imagenet-synergy": return all + ["base.evaluation.sampleSnapshots=2"]
        case "imagenet-baselines": return all + ["base.evaluation.measurements=1"]
        default: return all
        }
    }

    /// - Parameter chosen: the runs that arguments choose; nil for all.
    private func run(
        _ name: String, _ arguments: [String] = [], _ environment: [String: String] = [:], chosen: Int? = nil
    ) throws {
        let settings = Self.shrunk(name).flatMap { ["--set", $0] }
        let run = try AblateProcess(
            ["run", "\(name).yaml"] + settings + arguments, in: folder.path, environment: environment)
        #expect(run.code == 0, "\(run.errors)")
        let count = try chosen ?? Study(file: folder.file("\(name).yaml"), settings: Self.shrunk(name)).runs.count
        #expect(run.output.contains("Wrote results/\(name)/<\(count) runs>/run.h5\n"), "\(run.output)")
        #expect(!run.output.contains("nan") && !run.output.contains("diverged"), "\(run.output)")
    }

    @Test("run from end to end, shrunken", arguments: files)
    func shrunken(name: String) throws { try run(name) }

    private static let plugins = PluginSearch.current.paths.filter { !$0.contains("cuda") }

    @Test(
        "run on XLA too, in parts",
        .enabled(
            if: !plugins.isEmpty,
            "no PJRT plug-in is installed: pip install --no-deps -r Tests/Peers/xla-requirements.txt"))
    func onXLA() throws {
        let environment = [
            "XDG_CACHE_HOME": folder.path, "VIRTUAL_ENV": folder.path, "ABLATE_PJRT": try #require(Self.plugins.first),
        ]
        try run(
            "imagenet-freeflow-256", ["--device", "xla:cpu", "--only", "teacher=sit", "--only", "epochs=20"],
            environment,
            chosen: 1)
    }
}
