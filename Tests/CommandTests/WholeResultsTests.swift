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

    @Test("A teacher whose samples are not finite fails with its cause, and ends nothing else")
    func divergence() throws {
        try folder.write(
            TinyStudy.planar.changing(
                "{sampler: {heun: {steps: 4}}}",
                to: "{sampler: {sde: {steps: 8, last: 0.04, diffusion: sigma, scale: 1.0e12}}}"), "tiny.yaml")
        let run = try ablate("run", "tiny.yaml", "--seeds", "0")
        #expect(run.code == 1, "\(run.errors)")
        #expect(run.errors.contains("of the teacher's samples are not finite"), "\(run.errors)")
        #expect(!run.errors.contains("signal"), "\(run.errors)")
        let plan = try ablate("plan", "tiny.yaml", "--seeds", "0")
        #expect(plan.output.contains("of the teacher's samples are not finite"), "\(plan.output)")
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
