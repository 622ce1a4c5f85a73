import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Study

@Suite("What is done is whole, or told and made again")
struct WholeResultsTests {
    let folder = TemporaryFolder()
    private static let point = "results/tiny/objective=combined,seed=0"

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private func run(_ seeds: String = "0") throws -> AblateProcess {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        return try ablate("run", "tiny.yaml", "--seeds", seeds)
    }

    @Test("A model beside a record that is missing or damaged is noticed by cache verify, and made again by run")
    func models() throws {
        try #require(try run().code == 0)
        let path = folder.file(Self.point + "/student.safetensors"), model = FileManager.default.contents(atPath: path)
        for damage in ["missing", "damaged"] {
            if damage == "missing" {
                try FileManager.default.removeItem(atPath: path)
            } else {
                var bytes = try #require(model)
                bytes[bytes.count - 3] ^= 4
                try bytes.write(to: URL(fileURLWithPath: path))
            }
            let verify = try ablate("cache", "verify")
            #expect(verify.code == 1 && verify.output.contains("student.safetensors: "), "\(verify.output)")
            let again = try run()
            #expect(again.code == 0, "\(again.errors)")
            #expect(FileManager.default.contents(atPath: path) == model, "\(damage)")
            #expect(try ablate("cache", "verify").code == 0)
        }
    }

    @Test("Seeds that were left out for one time are none that gc offers")
    func seeds() throws {
        try #require(try run("0..1").code == 0)
        try #require(try run("0..0").code == 0)
        let garbage = try ablate("gc")
        #expect(garbage.code == 0 && garbage.output == "Nothing is left over.\n", "\(garbage.output)")
        try folder.write(TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]"), "tiny.yaml")
        _ = try ablate("run", "tiny.yaml")
        #expect(try ablate("gc").output.contains("objective=combined,seed=1"), "the study itself names them no more")
    }

    @Test("A teacher whose samples are not finite leaves a record of each run with its cause, and ends nothing else")
    func divergence() throws {
        try folder.write(
            TinyStudy.planar.changing(
                "{sampler: {heun: {steps: 4}}}",
                to: "{sampler: {sde: {steps: 8, last: 0.04, diffusion: sigma, scale: 1.0e12}}}"), "tiny.yaml")
        let run = try ablate("run", "tiny.yaml", "--seeds", "0")
        #expect(run.code == 1, "\(run.errors)")
        #expect(run.errors.contains("of the teacher's samples are not finite"), "\(run.errors)")
        #expect(!run.errors.contains("signal"), "\(run.errors)")
        let record = try Record.read(folder.file(Self.point + "/run.h5"))
        guard case .diverged(0, let cause) = record.outcome else {
            Issue.record("\(record.outcome)")
            return
        }
        #expect(cause.contains("of the teacher's samples are not finite"), "\(cause)")
        let show = try ablate("show", "results/tiny")
        #expect(show.code == 0 && show.output.contains("1 diverged"), "\(show.output)")
        let again = try ablate("run", "tiny.yaml", "--seeds", "0")
        #expect(again.code == 1 && again.output.hasPrefix("tiny: "), "\(again.output)")
    }

    @Test("Records that are to be published name no machine and no folder of the study's files")
    func privacy() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        let run = try AblateProcess(
            ["run", folder.file("tiny.yaml"), "--seeds", "0", "--no-host"], in: folder.path)
        #expect(run.code == 0, "\(run.errors)")
        let record = try Record.read(folder.file(Self.point + "/run.h5"))
        #expect(!record.provenance.facts.contains { $0.name == "host" })
        #expect(record.run.origin?.files.map(\.path) == ["tiny.yaml"])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(Self.point + "/run.h5")))
        #expect(bytes.range(of: Data(folder.path.utf8)) == nil)
    }

    @Test("A folder whose name is not UTF-8 is told, and no argument is")
    func names() throws {
        try #require(try run().code == 0)
        let path = Array(folder.file("results/tiny/").utf8) + [0xFF, 0xFE, 0]
        #expect(
            path.withUnsafeBufferPointer { $0.withMemoryRebound(to: CChar.self) { mkdir($0.baseAddress!, 0o755) } } == 0
        )
        let show = try ablate("show", "results/tiny")
        #expect(show.code == 0 && show.errors.contains("a folder whose name is not UTF-8"), "\(show.errors)")
        let refused = try ablate("show", "results/\u{FFFD}")
        #expect(refused.code == 64 && refused.errors.contains("argument 2 is not UTF-8"), "\(refused.errors)")
    }

    @Test("Records and models name data as the study writes them, and a record finds them again")
    func dataPaths() throws {
        let images = DataFiles.idx((0..<640).map { UInt8($0 % 251) }, shape: [40, 4, 4])
        try FileManager.default.createDirectory(atPath: folder.file("data"), withIntermediateDirectories: true)
        try Data(images).write(to: URL(fileURLWithPath: folder.file("data/images.idx")))
        try folder.write(
            TinyStudy.planar.changing(
                "{planar: {set: eightGaussians, count: 200}}", to: "{idx: {images: data/images.idx}}"),
            "tiny.yaml")
        try #require(try ablate("run", folder.file("tiny.yaml"), "--seeds", "0", "--no-host").code == 0)
        for name in ["run.h5", "student.safetensors"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("\(Self.point)/\(name)")))
            #expect(bytes.range(of: Data(folder.path.utf8)) == nil, "\(name)")
            #expect(bytes.range(of: Data("images: data/images.idx".utf8)) != nil, "\(name)")
        }
        let rerun = try ablate("rerun", "\(Self.point)/run.h5")
        #expect(rerun.code == 0, "\(rerun.errors)")
    }

    @Test("A results folder that is renamed while at work is told, and no other is made in its place")
    func renamed() throws {
        try folder.write(
            TinyStudy.planar.changing("optimization: {steps: 20,", to: "optimization: {steps: 200000,"), "tiny.yaml")
        let running = try RunningAblate(["run", "tiny.yaml", "--jobs", "1"], in: folder.path)
        let deadline = Date() + 60
        while !folder.contains("results/cache/training"), running.isRunning, Date() < deadline { usleep(20_000) }
        usleep(200_000)
        try FileManager.default.moveItem(atPath: folder.file("results"), toPath: folder.file("moved"))
        let ended = running.finish()
        #expect(ended.code == 74, "\(ended.errors)")
        #expect(ended.errors.contains("it was renamed or removed while work was under way"), "\(ended.errors)")
        #expect(!folder.contains("results"))
    }

    @Test("A record that ends the process which reads it is left out, and ends no other")
    func crafted() throws {
        try #require(try run("0..1").code == 0)
        let record = folder.file(Self.point + "/run.h5")
        try FileManager.default.removeItem(atPath: folder.file(Self.point + "/run.journal"))
        try Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0xFF, count: 4096)).write(
            to: URL(fileURLWithPath: record))
        let show = try ablate("show", "results/tiny")
        #expect(show.code == 0 && show.errors.contains("left out results/tiny"), "\(show.errors)")
    }

    @Test("A record without its journal that was damaged is left out with its reason")
    func damaged() throws {
        try #require(try run("0..1").code == 0)
        let record = folder.file(Self.point + "/run.h5")
        try FileManager.default.removeItem(atPath: folder.file(Self.point + "/run.journal"))
        #expect(try ablate("show", "results/tiny").errors == "", "alone it is taken as it is")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: record))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: record))
        let show = try ablate("show", "results/tiny")
        #expect(show.code == 0 && show.errors.contains("other bytes than were sealed in it"), "\(show.errors)")
    }
}
