import Testing

@testable import Specification

@Suite("A spec's tree")
struct SpecTreeTests {
    @Test("keeps keys in order, each with its place")
    func places() throws {
        let tree = try Sample.tree("b: 1\na:\n  - x: [true]\n")
        #expect(tree.mapping?.keys == ["b", "a"])
        #expect(tree.mapping?["a"]?.mark == .file("study.yaml", line: 2, column: 1))
        let inner = try #require(tree["a"]?.sequence?.first)
        #expect(inner["x"]?.mark == .file("study.yaml", line: 3, column: 8))
    }

    @Test("keeps the text of scalars, and whether they were quoted")
    func scalars() throws {
        let tree = try Sample.tree("[no, 010, 1e3, 2024-01-01, 12:30:45, 'no', \"a b\", ~, null, '~']")
        let elements = try #require(tree.sequence)
        #expect(
            elements.map(\.summary) == [
                "no", "010", "1e3", "2024-01-01", "12:30:45", "\"no\"", "\"a b\"", "~", "~", "\"~\"",
            ])
        #expect(elements.map(\.isNull) == [false, false, false, false, false, false, false, true, true, false])
    }

    @Test(
        "refuses what hides or doubles a value",
        arguments: [
            ("a: 1\nb: 2\na: 3", "study.yaml:1:1: key 'a' is written more than once in one mapping"),
            ("1: x\n'1': y", "study.yaml:1:1: key '1' is written more than once in one mapping"),
            (
                "a: &x {b: 1}\nc: *x",
                "study.yaml:1:4: anchors and aliases are not used in a spec\n"
                    + "  allowed: the value itself, at each place it is used"
            ),
            ("a: {<<: {b: 1}}", "study.yaml:1:5: merge keys are not used in a spec\n  allowed: the keys themselves"),
            (
                "a: !!str 3",
                "study.yaml:1:4: unknown tag\n  found: tag:yaml.org,2002:str\n  allowed: !replace, in a patch"
            ),
            ("a: !other {b: 3}", "study.yaml:1:4: unknown tag\n  found: !other\n  allowed: !replace, in a patch"),
            ("a: 1\nb:\nc: 2", "study.yaml:2:1: nothing is written for key 'b'\n  allowed: a value, or ~ for none"),
            ("- 1\n-\n- 2", "study.yaml:2:2: nothing is written for an element\n  allowed: a value, or ~"),
            ("[a, b]: 1", "study.yaml:1:1: a key must be a word"),
            ("!other a: 1", "study.yaml:1:1: unknown tag\n  found: !other\n  allowed: !replace, in a patch"),
            ("~: 1", "study.yaml:1:1: a key must be a word"),
            ("", "study.yaml:1:1: nothing is written here"),
        ])
    func refused(yaml: String, text: String) {
        #expect(errorText { try Sample.tree(yaml) } == text)
    }

    @Test(
        "places the parser's complaints",
        arguments: [
            ("a: b: c", "study.yaml:1:5: not valid YAML: mapping values are not allowed in this context"),
            (
                "a: [1, 2\nb: 3",
                "study.yaml:2:2: not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'"
            ),
            (
                "a: 1\n---\nb: 2",
                "study.yaml:2:1: not valid YAML: expected a single document in the stream, but found another document"
            ),
            ("a: 1\nb: \u{1}", "study.yaml:2:4: not valid YAML: control characters are not allowed"),
        ])
    func syntax(yaml: String, text: String) {
        #expect(errorText { try Sample.tree(yaml) } == text)
    }
}
