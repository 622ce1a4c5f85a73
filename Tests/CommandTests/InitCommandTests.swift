import Foundation
import Study
import TestSupport
import Testing

@testable import ablate

@Suite("ablate init")
struct InitCommandTests {
    private let folder = TemporaryFolder()

    @Test(
        "writes a study of each kind, whose runs and claims are read without an error",
        arguments: StudyTemplate.allCases)
    func kinds(kind: StudyTemplate) throws {
        let made = try AblateProcess(["init", "mine", "--kind", kind.rawValue], in: folder.path)
        #expect(made.code == 0 && made.output == "Wrote mine.yaml. Next: ablate plan mine.yaml\n")
        let text = try String(contentsOfFile: folder.file("mine.yaml"), encoding: .utf8)
        let study = try Study(yaml: text, file: "mine.yaml")
        #expect(study.name == "mine" && study.runs.count >= 6)
        let plan = try AblateProcess(["plan", "mine.yaml"], in: folder.path)
        #expect(plan.code == 0 && plan.output.contains("pieces of work to do"), "\(plan.errors)")
    }

    @Test("takes other data in place of the digits")
    func data() throws {
        let text = StudyTemplate.sweep.text(
            name: "mine", data: "{planar: {set: rings, count: 500}}", teacher: "teacher.safetensors",
            schema: "/schema.json")
        #expect(text.hasPrefix("# yaml-language-server: $schema=/schema.json\n"))
        #expect(text.contains("  data: {planar: {set: rings, count: 500}}\n"))
        #expect(text.contains("  teacher: {checkpoint: \"teacher.safetensors\"}\n  student:\n"))
    }

    @Test("overwrites nothing, and refuses a name that no study may have before it writes")
    func refused() throws {
        try folder.write("mine", "mine.yaml")
        #expect(try AblateProcess(["init", "mine"], in: folder.path).code == 74)
        #expect(try String(contentsOfFile: folder.file("mine.yaml"), encoding: .utf8) == "mine")
        #expect(try AblateProcess(["init", "a/b"], in: folder.path).code != 0)
        #expect(try AblateProcess(["init", "cache"], in: folder.path).code == 65)
        #expect(!FileManager.default.fileExists(atPath: folder.file("cache.yaml")))
    }
}
