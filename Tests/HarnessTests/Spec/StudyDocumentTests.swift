import Testing

@testable import Specification
@testable import Study

@Suite("A study's document")
struct StudyDocumentTests {
    func study(_ yaml: String) throws -> StudyDocument {
        try StudyDocument(Sample.tree(yaml), sections: ["claims", "limits"])
    }

    @Test("is a name, a question, a sweep and the sections that others read")
    func whole() throws {
        let study = try study(
            """
            study: quick-start.1
            question: Does width matter?
            limits: {hours: 1}
            base: {width: 1}
            axes: {width: [1, 2]}
            include: [{width: 3}]
            claims: ~
            """)
        #expect(study.name == "quick-start.1")
        #expect(study.question == "Does width matter?")
        #expect(try study.sweep.points().map(\.name) == ["width=1", "width=2", "width=3"])
        #expect(study.sections.keys == ["limits"])
    }

    @Test(
        "refuses other keys, missing ones, and names that are no folder's",
        arguments: [
            (
                "study: a\nquestion: b\nbase: {}\naxis: {}\nextra: 1",
                "study.yaml:4:1: unknown key 'axis' in the document\n"
                    + "  allowed: study, question, base, axes, include, exclude, claims, limits\n  did you mean 'axes'?\n"
                    + "study.yaml:5:1: unknown key 'extra' in the document\n"
                    + "  allowed: study, question, base, axes, include, exclude, claims, limits"
            ),
            ("study: a\nbase: {}", "study.yaml:1:1: missing key 'question' in the document\n  found: study, base"),
            (
                "study: a/b\nquestion: b\nbase: {}",
                "study.yaml:1:8: not usable as a study name\n  found: 'a/b'\n  allowed: letters, digits and . _ + -"
            ),
            (
                "study: ..\nquestion: b\nbase: {}",
                "study.yaml:1:8: not usable as a study name\n  found: '..'\n  allowed: not dots alone"
            ),
            (
                "study: a\nquestion: [b]\nbase: {}",
                "study.yaml:2:11: wrong value for question\n  found: a sequence\n  allowed: text"
            ),
            (
                "study: a\nquestion: b\nbase: {}\naxes: [1]",
                "study.yaml:4:7: wrong value for axes\n  found: a sequence\n  allowed: a mapping of axes"
            ),
            ("[study]", "study.yaml:1:1: a study is a mapping\n  found: a sequence"),
        ])
    func refused(yaml: String, text: String) {
        #expect(errorText { try study(yaml).name } == text)
    }
}
