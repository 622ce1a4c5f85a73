import Foundation
import TestSupport
import Testing

@testable import Study

@Suite("A study extends another")
struct StudyExtendsTests {
    let folder = TemporaryFolder()

    private func write(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
        return folder.file(name)
    }

    private func error(_ text: String, _ name: String = "a.yaml") throws -> String {
        let path = try write(text, name)
        return errorText { try Study(file: path) }.replacing(folder.path + "/", with: "")
    }

    @Test("by its base alone, through several files, from any folder")
    func chain() throws {
        _ = try write(TinyStudy.planar, "first.yaml")
        _ = try write(
            "study: second\nquestion: q\nextends: first.yaml\nbase: {seed: 7, evaluation: {savedSamples: 3}}",
            "second.yaml")
        let path = try write(
            "study: third\nquestion: q\nextends: second.yaml\nbase: {evaluation: {samples: 32}}", "third.yaml")
        let study = try Study(file: path)
        #expect(study.name == "third")
        #expect(study.runs.map(\.point) == ["base"], "axes are not taken")
        let specification = try #require(study.runs.first?.specification)
        #expect(specification.seed == 7)
        #expect(specification.evaluation.savedSamples == 3)
        #expect(specification.evaluation.samples == 32)
        let first = try #require(try Study(file: folder.file("first.yaml")).runs.last)
        #expect(specification.teacher == first.specification.teacher)
        #expect(study.text.hasPrefix("study: third"), "the text is the file's own")
    }

    @Test("of which there may be several, each a patch of those before it")
    func several() throws {
        _ = try write(TinyStudy.planar, "first.yaml")
        _ = try write("study: fast\nquestion: q\nbase: {seed: 7, evaluation: {samples: 32}}", "fast.yaml")
        _ = try write("study: small\nquestion: q\nbase: {evaluation: {samples: 16}}", "small.yaml")
        let path = try write(
            "study: third\nquestion: q\nextends: [first.yaml, fast.yaml, small.yaml]\nbase: {evaluation: {savedSamples: 3}}",
            "third.yaml")
        let study = try Study(file: path), specification = try #require(study.runs.first?.specification)
        #expect(specification.seed == 7 && specification.evaluation.samples == 16)
        #expect(specification.evaluation.savedSamples == 3)
        #expect(study.origin.files.map(\.path).count == 4)
        #expect(try error("study: a\nquestion: q\nextends: []").contains("wrong value for extends"))
    }

    @Test("and settings reach into what it extends")
    func settings() throws {
        _ = try write(TinyStudy.planar, "first.yaml")
        let path = try write("study: second\nquestion: q\nextends: first.yaml", "second.yaml")
        let study = try Study(file: path, settings: ["base.student.optimization.steps=5"])
        #expect(study.runs[0].specification.student.optimization.steps == 5)
    }

    @Test("but not one that is missing")
    func missing() throws {
        #expect(
            try error("study: a\nquestion: q\nextends: absent.yaml") == """
                a.yaml:3:1: the study to extend cannot be read
                  found: absent.yaml: No such file or directory
                """)
    }

    @Test("but not itself, directly, round about, or by another spelling")
    func loop() throws {
        #expect(
            try error("study: a\nquestion: q\nextends: a.yaml") == """
                a.yaml:3:1: a study extends itself
                  found: a.yaml → a.yaml
                """)
        #expect(
            try error("study: a\nquestion: q\nextends: ./a.yaml") == """
                a.yaml:3:1: a study extends itself
                  found: a.yaml → ./a.yaml
                """)
        _ = try write(
            "study: b\nquestion: q\nextends: ../\(URL(fileURLWithPath: folder.path).lastPathComponent)/a.yaml", "b.yaml"
        )
        let text = try error("study: a\nquestion: q\nextends: b.yaml")
        #expect(text.contains("b.yaml:3:1: a study extends itself\n  found: a.yaml → b.yaml → "), "\(text)")
    }

    @Test("but not one without a base, nor with a word that is no file")
    func baseless() throws {
        _ = try write("study: b\nquestion: q", "b.yaml")
        #expect(
            try error("study: a\nquestion: q\nextends: b.yaml") == """
                a.yaml:3:1: the study to extend has no base
                  found: b.yaml
                """)
        #expect(
            try error("study: a\nquestion: q\nextends: {file: b.yaml}").hasPrefix(
                "a.yaml:3:10: wrong value for extends"))
    }

    @Test("and a fault in the other file is reported with that file's place")
    func places() throws {
        _ = try write(TinyStudy.planar.changing("projections: 8", to: "projections: 0"), "first.yaml")
        #expect(
            try error("study: a\nquestion: q\nextends: first.yaml") == """
                first.yaml:29:18: wrong value for base.evaluation.projections
                  found: 0
                  allowed: at least 1
                """)
    }

    @Test("and a key almost named so is reported")
    func almost() throws {
        #expect(
            try error("study: a\nquestion: q\nextend: first.yaml\nbase: {}") == """
                a.yaml:3:1: unknown key 'extend' in the document
                  allowed: study, question, base, axes, include, exclude, extends, claims, columns, figures, keep, limits, slurm
                  did you mean 'extends'?
                """)
    }
}
