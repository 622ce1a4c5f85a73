import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("The programs of experiments/plugins", .enabled(if: ExternalTool.hasNumPy, "needs numpy"))
struct BundledPlugInTests {
    let folder = TemporaryFolder()

    init() throws {
        for name in ["fid.py", "features.py", "decoded_fid.py", "frechet.py"] {
            try FileManager.default.copyItem(
                atPath: "\(Package.folder)/experiments/plugins/\(name)", toPath: folder.file(name))
        }
    }

    private static let one = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]").changing(
        "    combined: {}\n", to: ""
    ).changing("measurements: 2", to: "measurements: 1")

    private static func program(_ name: String, _ options: String, _ more: String) -> String {
        "{command: [python3, \(name), \(options)], files: [frechet.py], version: 1, timeout: 120, \(more)}"
    }

    private func record(_ yaml: String, _ settings: [String]) async throws -> Record {
        let results = ResultsFolder(folder.file("results"))
        let study = try Study(yaml: yaml, file: folder.file("study.yaml"), settings: settings)
        let endings = try await Runner(
            Plan(study, results: results), launcher: LocalLauncher(workerOptions: WorkerOptions(allowsCommands: true)),
            jobs: 1
        ).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        return try Record.read(results.record(study.runs[0]))
    }

    /// Both distances differ by less than 1e-6 of tr Σ₁ + tr Σ₂, which is above `trace`.
    private func expectEqual(_ scores: Scores, _ first: String, _ second: String, trace: Double) {
        let values = (scores[first] ?? .nan, scores[second] ?? .nan)
        #expect(abs(values.0 - values.1) <= 1e-6 * trace, "\(first) \(values.0), \(second) \(values.1)")
    }

    @Test("are those of a study that can be read, each with the content of its files")
    func study() throws {
        let study = try Study(file: "\(Package.folder)/experiments/plugins/plugins.yaml")
        let programs = study.runs.flatMap(\.specification.evaluation.plugIns)
        #expect(programs.count == 2 * study.runs.count)
        for program in programs { #expect(program.content?.map(\.name) == ["fid.py", "frechet.py"]) }
    }

    @Test("fid.py on the numbers themselves is the Fréchet distance, to the teacher and to the data")
    func coordinates() async throws {
        let options = "--extractor, coordinates"
        let programs = ["teacher", "data"].map {
            Self.program("fid.py", options, "scores: [fid], reference: \($0), formats: [float32]")
        }
        let record = try await record(
            Self.one.changing(
                "features: coordinates",
                to: "features: coordinates\n    metrics: [frechetDistance, {frechetDistance: {reference: data}}, "
                    + programs.joined(separator: ", ") + "]"), [])
        // The eight Gaussians lie on a circle of radius 2: their variances sum to more than 3.
        for scores in [record.evaluation.last, record.reference.floor, record.reference.ceiling] {
            expectEqual(scores, "fid", "frechetDistance", trace: 3)
            expectEqual(scores, "fid.data", "frechetDistance.data", trace: 3)
        }
        #expect(record.evaluation.last["fid"] != record.evaluation.last["fid.data"])
    }

    @Test("features.py gives every feature metric its features: fid.py with the same extractor agrees")
    func features() async throws {
        let yaml = TinyStudy.digits.changing("seed: [0, 1]", to: "seed: [0]").changing("    combined: {}\n", to: "")
            .changing("measurements: 2", to: "measurements: 1")
        let start = try #require(yaml.range(of: "features: {classifier:"))
        let end = try #require(yaml.range(of: "\n", range: start.lowerBound..<yaml.endIndex))
        let program = Self.program("fid.py", "--extractor, stand-in", "scores: [fid]")
        let own = yaml.replacingCharacters(
            in: start.lowerBound..<end.lowerBound,
            with: "features: {command: [python3, features.py, --extractor, stand-in], files: [frechet.py], version: 1, "
                + "timeout: 120}\n    metrics: [frechetDistance, recall, {memorisation: {reference: data}}, \(program)]"
        )
        let record = try await record(own, [])
        // Features of 32 numbers whose variances sum to more than 0.5; float32 in between costs 1e-7 of each.
        for scores in [record.evaluation.last, record.reference.floor] {
            expectEqual(scores, "fid", "frechetDistance", trace: 0.5)
        }
        guard case .plugIn(let name, _) = record.features else {
            Issue.record("features of \(record.features)")
            return
        }
        #expect(name == "features.py")
    }

    @Test("decoded_fid.py decodes latents first; without a decoder it is the Fréchet distance of the latents")
    func latents() async throws {
        let made = try ExternalTool.python(
            """
            import numpy, sys
            numpy.save(sys.argv[1], numpy.random.default_rng(0).standard_normal((300, 4, 2, 2)).astype(numpy.float32))
            """, folder.file("latents.npy"))
        #expect(made == "", "\(made)")
        func program(_ decoder: String, _ extractor: String, _ name: String) -> String {
            Self.program(
                "decoded_fid.py", "--decoder, \(decoder), --extractor, \(extractor), --scale, \"2\", --name, \(name)",
                "scores: [\(name)], formats: [float32]")
        }
        let record = try await record(
            Self.one.changing(
                "{planar: {set: eightGaussians, count: 200}}",
                to: "{arrays: {file: latents.npy, layout: nchw}}"
            ).changing(
                "features: coordinates",
                to: "features: coordinates\n    metrics: [frechetDistance, \(program("none", "coordinates", "plain")), "
                    + program("stand-in", "stand-in", "decoded") + "]"), [])
        let scores = record.evaluation.last
        // Half as large numbers have a quarter of the distance; the variances of 16 numbers sum to more than 8.
        let plain = try #require(scores["plain"]), own = try #require(scores["frechetDistance"])
        #expect(abs(4 * plain - own) <= 1e-6 * 8, "\(plain), \(own)")
        #expect(try #require(scores["decoded"]) > 0)
    }
}
