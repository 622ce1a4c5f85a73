import Foundation
import TestSupport
import Testing

@testable import Study

@Suite("Settings of the command line")
struct StudyVariantTests {
    private let folder = TemporaryFolder()

    /// The name that a tiny study's results go under with these settings.
    private func name(_ settings: String...) throws -> String {
        let file = "\(folder.path)/tiny.yaml"
        try TinyStudy.planar.write(toFile: file, atomically: true, encoding: .utf8)
        return try Study.read(file, changes: Study.Changes(settings: settings)).name
    }

    @Test("that change what is trained make a variant, named by them")
    func variant() throws {
        #expect(try name("base.student.optimization.steps=10") == "tiny+student.optimization.steps-10")
        #expect(
            try name("base.sharedSeed=1", "base.teacher.optimization.steps=5")
                == "tiny+sharedSeed-1+teacher.optimization.steps-5")
        #expect(try name("axes.objective={combined: {}}").hasPrefix("tiny+axes.objective-"))
        #expect(try name("base.student.optimization.steps=10", "base.evaluation.samples=32").hasSuffix("steps-10"))
    }

    @Test("that change the evaluation, claims, limits or repetitions alone leave the study where it is")
    func same() throws {
        #expect(try name("base.evaluation.samples=32") == "tiny")
        #expect(try name("base.evaluation.teacher.sampler.heun.steps=2", "limits={minutes: 1}") == "tiny")
        #expect(try name("axes.seed=[4]") == "tiny")
        #expect(try name("base.student.optimization.steps=20") == "tiny", "as it is in the file")
    }

    @Test("that name the study say themselves where results go")
    func named() throws {
        #expect(try name("study=quick", "base.student.optimization.steps=10") == "quick")
    }

    @Test("that are many or long are named by their hash, different ones differently")
    func long() throws {
        let settings = ["base.student.optimization.steps=10", "base.teacher.optimization.steps=5"]
        let more = settings + ["base.student.optimization.batch=8", "base.teacher.optimization.batch=8"]
        let file = "\(folder.path)/tiny.yaml"
        try TinyStudy.planar.write(toFile: file, atomically: true, encoding: .utf8)
        let names = try [more, more.map { $0.replacingOccurrences(of: "=8", with: "=9") }].map {
            try Study.read(file, changes: Study.Changes(settings: $0)).name
        }
        #expect(names.allSatisfy { $0.hasPrefix("tiny+4-settings-") && $0.count == 24 } && names[0] != names[1])
        #expect(try name("base.data={planar: {set: twoMoons, count: 100}}").hasPrefix("tiny+data-"))
    }

    @Test("keep a variant's repetitions its own, and say which study it is of")
    func repetitions() throws {
        let file = "\(folder.path)/tiny.yaml"
        try TinyStudy.planar.write(toFile: file, atomically: true, encoding: .utf8)
        let changes = Study.Changes(settings: ["base.student.optimization.steps=10", "axes.seed=[0]"])
        let study = try Study.read(file, changes: changes)
        #expect(study.variantOf == "tiny" && study.name == "tiny+student.optimization.steps-10")
        #expect(study.hasChosenSeeds && study.runs.count == 2 && study.runs.allSatisfy { $0.study == study.name })
        #expect(try Study(yaml: study.resolved, file: file).name == study.name)
    }
}
