import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("Moments in a file are a reference")
struct StatisticsTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }

    private static let yaml = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]").changing(
        "features: coordinates",
        to: "features: coordinates\n    metrics: [frechetDistance, {frechetDistance: {reference: data}}, "
            + "{frechetDistance: {reference: {statistics: all-rows.npz}}}]")

    private func study(_ yaml: String = Self.yaml) throws -> Study {
        try Study(yaml: yaml, file: folder.file("study.yaml"))
    }

    private func writeMoments(of count: Int = 200, to name: String = "all-rows.npz") throws {
        let source = DatasetSource.planar(set: .eightGaussians, count: count)
        let statistics = onCPU {
            try DataStatistics(of: source, features: nil, in: results, allowsCommands: false, on: $0)
        }
        try StatisticsFile.write(statistics.moments, to: folder.file(name), overwriting: true)
    }

    @Test("those of the data set give its own distance, under a name of their own")
    func scores() async throws {
        try writeMoments()
        let study = try study()
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        for run in study.runs {
            let record = try Record.read(results.record(run))
            let scores = record.evaluation.last
            #expect(scores.names == ["frechetDistance", "frechetDistance.data", "frechetDistance.all-rows"])
            // The same sums in the same order, written and read as float64.
            #expect(scores["frechetDistance.data"] == scores["frechetDistance.all-rows"])
            #expect(scores["frechetDistance"] != scores["frechetDistance.data"])
            #expect(
                StudyTable([record], scores: .all).table.columns.map(\.title).filter { $0.hasPrefix("Fréchet") } == [
                    "Fréchet distance", "Fréchet distance to data", "Fréchet distance to all-rows",
                ])
        }
    }

    @Test("a claim names them, and a name that is none is refused with the nearest")
    func claims() throws {
        try writeMoments()
        let claim = TinyStudy.claim.replacing(
            "metric: frechetDistance", with: "metric: frechetDistance, against: all-rows")
        #expect(try study(Self.yaml + claim).claims.first?.statement.metric == "frechetDistance.all-rows")
        let error = #expect(throws: SpecError.self) {
            try study(Self.yaml + claim.replacing("all-rows", with: "all-row"))
        }
        #expect(
            "\(error.map { "\($0)" } ?? "")".contains(
                """
                unknown reference 'all-row' in claims.synergy.lower.against
                  allowed: teacher, data, all-rows
                  did you mean 'all-rows'?
                """), "\(String(describing: error))")
    }

    @Test("an identity has their content and their name, not their place")
    func identity() throws {
        try writeMoments()
        func identity(_ yaml: String = Self.yaml) throws -> Identity { RunStage(run: try study(yaml).runs[0]).identity }
        let first = try identity()
        try FileManager.default.createDirectory(atPath: folder.file("moved"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: folder.file("all-rows.npz"), toPath: folder.file("moved/all-rows.npz"))
        #expect(try identity(Self.yaml.replacing("all-rows.npz", with: "moved/all-rows.npz")) == first)
        try writeMoments(of: 201)
        #expect(try identity() != first)
    }

    @Test("another file is refused with what it holds")
    func refused() throws {
        func refusal(_ mean: [Double], _ meanShape: [Int], _ covariance: [Double], _ shape: [Int]) throws -> String {
            let archive = try #require(
                ZipArchive.stored([
                    ("mu.npy", NumPyArray.file(mean, shape: meanShape)),
                    ("sigma.npy", NumPyArray.file(covariance, shape: shape)),
                ]))
            try archive.write(to: URL(fileURLWithPath: folder.file("all-rows.npz")))
            return "\(#expect(throws: SpecError.self) { try study() }.map { "\($0)" } ?? "")"
        }
        #expect(try refusal([0, 0], [2], [1, 0, 0], [3]).contains("floats of shapes [d] and [d, d]"))
        #expect(try refusal([0, 0], [2], [1, 0, 0.5, 1], [2, 2]).contains("sigma that is not symmetric"))
        #expect(try refusal([0, .nan], [2], [1, 0, 0, 1], [2, 2]).contains("a number that is not finite"))
        #expect(
            try refusal([0, 0, 0], [3], [1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]).contains(
                "moments of 3 features\n  allowed: of 2, as many as samples are compared by"))
        try Data("no archive".utf8).write(to: URL(fileURLWithPath: folder.file("all-rows.npz")))
        #expect("\(#expect(throws: (any Error).self) { try study() }.map { "\($0)" } ?? "")".contains("all-rows.npz"))
        try FileManager.default.removeItem(atPath: folder.file("all-rows.npz"))
        #expect("\(#expect(throws: (any Error).self) { try study() }.map { "\($0)" } ?? "")".contains("No such file"))
    }

    @Test("numpy reads what is written as it was", .enabled(if: ExternalTool.hasNumPy, "needs numpy"))
    func numpy() throws {
        let moments = GaussianMoments(mean: [1, -2], covariance: [2, 0.25, 0.25, 3])
        try StatisticsFile.write(moments, to: folder.file("moments.npz"), overwriting: false)
        let read = try ExternalTool.python(
            """
            import numpy, sys
            with numpy.load(sys.argv[1]) as f:
                print(sorted(f), f["mu"].tolist(), f["sigma"].tolist(), f["mu"].dtype, f["sigma"].dtype)
            """, folder.file("moments.npz"))
        #expect(read == "['mu', 'sigma'] [1.0, -2.0] [[2.0, 0.25], [0.25, 3.0]] float64 float64\n")
        let again = try StatisticsFile.moments(in: folder.file("moments.npz"))
        #expect(again.mean == moments.mean && again.covariance == moments.covariance)
    }
}
