import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("A resolved study")
struct ResolvedStudyTests {
    @Test("is a study of the same runs by itself", arguments: Package.experiments)
    func experiments(name: String) throws {
        let study = try Study(
            file: "\(Package.folder)/experiments/\(name)", settings: ["base.evaluation.projections=77"])
        let again = try Study(yaml: study.resolved, file: "resolved.yaml")
        #expect(again.runs.map(\.specification) == study.runs.map(\.specification))
        #expect(again.runs.map(\.point) == study.runs.map(\.point))
        #expect(again.name == study.name && again.question == study.question)
        #expect(again.resolved == study.resolved)
    }

    @Test("says what it was put together from, and reads back with that")
    func heading() throws {
        let file = "\(Package.folder)/experiments/r-distribution.yaml"
        let study = try Study(
            file: file,
            changes: .init(
                settings: ["base.evaluation.projections=7"], only: ["distribution=uniform-0.6"], seeds: "0..1"))
        #expect(
            study.origin.heading == """
                # The study as it ran, from \(file)
                # over what it extends: \(Package.folder)/experiments/quickstart.yaml
                # with what the command line changed: --set base.evaluation.projections=7
                # with what the command line changed: --only distribution=uniform-0.6
                # with what the command line changed: --seeds 0..1

                """)
        let again = try Study(yaml: study.origin.heading + study.resolved, file: "resolved.yaml")
        #expect(again.named.map(\.specification) == study.named.map(\.specification))
    }

    @Test("keeps quotes, lists, tags and odd letters")
    func letters() throws {
        let text = """
            question: "1: \\"two\\" \\n#3"
            plain: a, b
            number: -1.0e-3
            quoted: "7"
            none: ~
            nested: !replace
              list: [1, [two, "3"], {a: 4}]
              empty: {}

            """
        let tree = try SpecTree(yaml: text, file: "a.yaml")
        let again = try SpecTree(yaml: tree.yaml(), file: "b.yaml")
        #expect(again["question"]?.scalar?.text == "1: \"two\" \n#3")
        #expect(again["plain"]?.scalar?.text == "a, b")
        #expect(again["number"]?.scalar == SpecScalar("-1.0e-3") && again["quoted"]?.scalar?.style == .quoted)
        #expect(again["none"]?.isNull == true)
        #expect(
            again["nested"]?["list"]?.sequence?.count == 3
                && again["nested"]?["empty"]?.mapping?.entries.isEmpty == true)
        if case .replacing? = again["nested"]?.merging {} else { Issue.record("the tag is lost") }
        #expect(again.yaml() == tree.yaml())
    }
}
