import Testing

@testable import Specification

@Suite("A canonical value")
struct CanonicalValueTests {
    func encoded(_ value: some Encodable) throws -> CanonicalValue { try CanonicalEncoder().encode(value) }

    /// The text of a value, which must decode to an equal value.
    func yaml<Value: Codable & Equatable>(_ value: Value, order: CanonicalValue.KeyOrder = .declared) throws -> String {
        let text = try encoded(value).yaml(order: order)
        let tree = try SpecTree(yaml: text, file: "record.yaml")
        let back = try StrictDecoder(nonFinite: .allowed).decode(Value.self, from: tree)
        #expect(back == value)
        return text
    }

    @Test("of a whole run is YAML that a study could hold, and reads back")
    func wholeRun() throws {
        let run = try Sample.run(Sample.tree(Sample.base))
        #expect(
            try yaml(run) == """
                seed: 0
                student:
                  width: 64
                  rate: 0.001
                  network:
                    mlp:
                      depth: 2
                      activation: silu
                  objective:
                    freeflow:
                      prediction:
                        exponent: 0.5
                      correction:
                        alpha: 1.0
                        weights: [0.1, 2.0]
                source:
                  prior: {}

                """)
        #expect(try yaml(run, order: .sorted).hasPrefix("seed: 0\nsource:\n  prior: {}\nstudent:\n  network:\n"))
    }

    @Test("keeps every number to the bit, with the fewest digits")
    func numbers() throws {
        let doubles = [
            0.1, 1e-7, 1e22, -0.0, 3, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity,
        ]
        let text = try yaml(doubles)
        #expect(
            text
                == "[0.1, 1.0e-07, 1.0e+22, -0.0, 3.0, 3.141592653589793, 5.0e-324, 1.7976931348623157e+308, .inf, -.inf]\n"
        )
        let back = try StrictDecoder(nonFinite: .allowed).decode([Double].self, from: Sample.tree(text))
        #expect(back.map(\.bitPattern) == doubles.map(\.bitPattern))
        #expect(try yaml([Float(0.1), 16_777_216, 1e-7]) == "[0.1, 16777216.0, 1.0e-07]\n")
        #expect(try yaml([UInt64.max, 0]) == "[18446744073709551615, 0]\n")
        #expect(try yaml([Int64.min]) == "[-9223372036854775808]\n")
        let nan = try StrictDecoder(nonFinite: .allowed)
            .decode([Float].self, from: Sample.tree(encoded([Float.nan]).yaml()))
        #expect(nan[0].isNaN)
    }

    @Test("quotes text that YAML could take for something else")
    func strings() throws {
        let words = [
            "flow", "a.b/c-d_e+f", "no", "Yes", "null", "~", "", "010", "1e3", "2024-01-01", "a b", "a: b", "#", "-x",
        ]
        #expect(
            try yaml(words)
                == "[flow, a.b/c-d_e+f, \"no\", \"Yes\", \"null\", \"~\", \"\", \"010\", \"1e3\", \"2024-01-01\", "
                + "\"a b\", \"a: b\", \"#\", \"-x\"]\n")
        let odd = [
            "\"\\\n\t\r", "\u{0}\u{7F}\u{85}", "é — 流", "\u{2028}", "x\u{FEFF}", "🙂", "line one\nline two\n", " a ",
        ]
        _ = try yaml(odd)
        _ = try yaml(Dictionary(uniqueKeysWithValues: (odd + words.filter { $0 != "~" }).map { ($0, 1) }))
    }

    struct Nest: Codable, Equatable {
        var empty: [Int] = []
        var rows: [[Int]] = [[1, 2], [], [3]]
        var parts: [SampleLayers] = [.init(depth: 1, activation: .relu), .init(depth: 2, activation: .silu)]
        var choices: [SampleSource] = [.prior, .data(strength: 1, isShuffled: true)]
        var table: [String: SampleNetwork] = ["a": .linear(3)]
        var deep: [[[String: [Int]]]] = [[["x": [1]], [:]], []]
        var gaps: [Int?] = [1, nil]
    }

    @Test("writes nested sequences and mappings in block style, and reads them back")
    func nesting() throws {
        #expect(
            try yaml(Nest()) == """
                empty: []
                rows:
                  - [1, 2]
                  - []
                  - [3]
                parts:
                  - depth: 1
                    activation: relu
                  - depth: 2
                    activation: silu
                choices:
                  - prior: {}
                  - data:
                      strength: 1.0
                      isShuffled: true
                table:
                  a:
                    linear: 3
                deep:
                  -
                    - x: [1]
                    - {}
                  - []
                gaps: [1, ~]

                """)
        #expect(try yaml(["only"]) == "[only]\n")
        #expect(try yaml([String: Int]()) == "{}\n")
    }

    @Test("has the fields of nested and single-value containers")
    func containers() throws {
        struct Handmade: Encodable {
            enum CodingKeys: String, CodingKey { case list, inner }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                var list = container.nestedUnkeyedContainer(forKey: .list)
                try list.encode(1)
                var inner = list.nestedContainer(keyedBy: CodingKeys.self)
                try inner.encodeNil(forKey: .inner)
                var again = encoder.container(keyedBy: CodingKeys.self)
                try again.encode(SampleActivation.relu, forKey: .inner)
                #expect(list.count == 2)
            }
        }
        #expect(
            try encoded(Handmade())
                == .mapping([
                    .init("list", .sequence([.int(1), .mapping([.init("inner", .null)])])),
                    .init("inner", .string("relu")),
                ]))
        #expect(try encoded(3) == .int(3))
        #expect(try encoded(Int?.none) == .null)
    }

    @Test("lists where it differs from another, at the deepest keys")
    func differences() throws {
        let base = try Sample.tree(Sample.base)
        let old = try encoded(Sample.run(base))
        func differences(_ patch: String) throws -> [String] {
            try encoded(Sample.run(base.patched(with: Sample.tree(patch)))).differences(from: old).map(\.description)
        }
        #expect(try differences("{}") == [])
        #expect(
            try differences("{note: a b, student: {width: 128, objective: {freeflow: {correction: ~}}}}") == [
                "student.width: 64 → 128",
                "student.objective.freeflow.correction: {alpha: 1.0, weights: [0.1, 2.0]} → absent",
                "note: absent → \"a b\"",
            ])
        #expect(
            try differences("student: {objective: {freeflow: {correction: {weights: [0.1, 3]}}}, network: {linear: 2}}")
                == [
                    "student.network.linear: absent → 2",
                    "student.network.mlp: {depth: 2, activation: silu} → absent",
                    "student.objective.freeflow.correction.weights[1]: 2.0 → 3.0",
                ])
        #expect(CanonicalValue.int(1).differences(from: .double(1)).map(\.description) == ["value: 1.0 → 1"])
        #expect(CanonicalValue.double(.nan).differences(from: .double(.nan)) == [])
    }
}
