import FlowMaps
import Testing

@testable import Specification

@Suite("Strict decoding")
struct StrictDecoderTests {
    /// Decodes `value: <yaml>`.
    func value<Value: Decodable>(
        _ type: Value.Type, _ yaml: String, nonFinite: StrictDecoder.NonFinite = .refused
    ) throws -> Value {
        let tree = try #require(try Sample.tree("value: \(yaml)")["value"])
        return try StrictDecoder(nonFinite: nonFinite).decode(type, from: tree, at: "value")
    }

    @Test("reads a whole run")
    func whole() throws {
        #expect(
            try Sample.run(Sample.tree(Sample.base))
                == SampleRun(
                    seed: 0,
                    student: SampleStudent(
                        width: 64, rate: 1e-3, network: .mlp(.init(depth: 2, activation: .silu)),
                        objective: .freeflow(
                            prediction: .init(exponent: 0.5), correction: .init(alpha: 1, weights: [0.1, 2]))),
                    source: .prior, note: nil))
    }

    @Test("takes truth values and whole numbers only as written in decimal")
    func scalars() throws {
        #expect(try value(Bool.self, "true") && !value(Bool.self, "false"))
        #expect(try value(Int.self, "-12") == -12)
        #expect(try value(Int.self, "3.0") == 3)
        #expect(try value(Int.self, "1e3") == 1000)
        #expect(try value(UInt64.self, "18446744073709551615") == .max)
        #expect(try value(Double.self, "3") == 3)
        #expect(try value(Double.self, "1e3") == 1000)
        #expect(try value(Double.self, "-.5e-1") == -0.05)
        #expect(try value(Float.self, "0.1") == 0.1)
        #expect(try value([Double].self, "[1, 2.5]") == [1, 2.5])
        #expect(try value(Int?.self, "~") == nil)
    }

    @Test("takes any scalar as text", arguments: ["no", "010", "1e3", "2024-01-01", "12:30:45", "true", "0x1F"])
    func text(yaml: String) throws {
        #expect(try value(String.self, yaml) == yaml)
        #expect(try value(String.self, "'\(yaml)'") == yaml)
    }

    @Test(
        "refuses a number that could mean another",
        arguments: ["010", "0x1F", "1_000", "12:30:45", "'3'", "3.5", "1e-1", "abc", "~", "[1]", "{a: 1}", "true"])
    func notWhole(yaml: String) {
        let found = yaml.replacing("'", with: "\"").replacing("[1]", with: "a sequence").replacing(
            "{a: 1}", with: "a mapping")
        #expect(
            errorText { try value(Int.self, yaml) } == """
                study.yaml:1:8: wrong value for value
                  found: \(found)
                  allowed: a whole number in decimal digits
                """)
    }

    @Test("refuses a number outside its type")
    func outOfRange() {
        func text(_ found: String, _ allowed: String) -> String {
            "study.yaml:1:8: wrong value for value\n  found: \(found)\n  allowed: \(allowed)"
        }
        #expect(errorText { try value(Int8.self, "128") } == text("128", "a whole number from -128 to 127"))
        #expect(errorText { try value(UInt8.self, "-1") } == text("-1", "a whole number from 0 to 255"))
        #expect(errorText { try value(UInt8.self, "1e3") } == text("1e3", "a whole number from 0 to 255"))
        #expect(
            errorText { try value(Float.self, "1e39") }
                == text("1e39", "a number from -3.4028235e+38 to 3.4028235e+38"))
    }

    @Test("takes inf and nan only where asked")
    func nonFinite() throws {
        #expect(try value(Double.self, "-.inf", nonFinite: .allowed) == -.infinity)
        #expect(try value(Double.self, "inf", nonFinite: .allowed) == .infinity)
        #expect(try value(Float.self, ".nan", nonFinite: .allowed).isNaN)
        for yaml in ["-.inf", "inf", ".nan"] {
            #expect(
                errorText { try value(Double.self, yaml) } == """
                    study.yaml:1:8: wrong value for value
                      found: \(yaml)
                      allowed: a decimal number
                    """)
        }
    }

    @Test("takes no word for a truth value but true and false", arguments: [("no", "false"), ("On", "true")])
    func truth(found: String, meant: String) {
        #expect(
            errorText { try value(Bool.self, found) } == """
                study.yaml:1:8: wrong value for value
                  found: \(found)
                  allowed: true, false
                  did you mean '\(meant)'?
                """)
        #expect(
            errorText { try value(Bool.self, "1") }
                == "study.yaml:1:8: wrong value for value\n  found: 1\n  allowed: true, false")
    }

    @Test("tells all unknown keys of a mapping, with the nearest names")
    func unknownKeys() throws {
        let tree = try Sample.base(replacing: "{alpha: 1, weights", with: "{alpha: 1, aplha: 2, bias: 3, weights")
        #expect(
            errorText { try Sample.run(tree) } == """
                study.yaml:9:30: unknown key 'aplha' in student.objective.freeflow.correction
                  allowed: alpha, weights
                  did you mean 'alpha'?
                study.yaml:9:40: unknown key 'bias' in student.objective.freeflow.correction
                  allowed: alpha, weights
                """)
        let note = try Sample.tree(Sample.base + "\nnoet: x")
        #expect(
            errorText { try StrictDecoder().decode(SampleRun.self, from: note, at: "base") } == """
                study.yaml:11:1: unknown key 'noet' in base
                  allowed: seed, student, source, note
                  did you mean 'note'?
                """)
    }

    @Test("tells a missing key, as the misspelt one when there is one")
    func missingKeys() throws {
        #expect(
            errorText { try Sample.run(Sample.base(replacing: "  width: 64\n", with: "")) } == """
                study.yaml:3:3: missing key 'width' in student
                  found: rate, network, objective
                """)
        #expect(
            errorText { try Sample.run(Sample.base(replacing: "  rate:", with: "  raet:")) } == """
                study.yaml:4:3: unknown key 'raet' in student
                  allowed: width, rate
                  did you mean 'rate'?
                """)
    }

    @Test("takes a case by its bare name, with {} or with its payload directly")
    func choices() throws {
        #expect(try value(SampleSource.self, "prior") == .prior)
        #expect(try value(SampleSource.self, "prior: {}".braced) == .prior)
        #expect(
            try value(SampleSource.self, "{data: {strength: 2, isShuffled: false}}")
                == .data(strength: 2, isShuffled: false))
        #expect(try value(SampleNetwork.self, "{linear: 3}") == .linear(3))
        #expect(
            try value(SampleNetwork.self, "{mlp: {depth: 1, activation: relu}}")
                == .mlp(.init(depth: 1, activation: .relu)))
    }

    @Test(
        "refuses a case it does not know, several, none, or one without what it needs",
        arguments: [
            (
                "priro",
                "study.yaml:1:8: unknown case 'priro' for value\n  allowed: prior, data\n  did you mean 'prior'?"
            ),
            (
                "{dta: {strength: 2}}",
                "study.yaml:1:9: unknown case 'dta' for value\n  allowed: prior, data\n  did you mean 'data'?"
            ),
            (
                "{prior: {}, data: {strength: 2, isShuffled: true}}",
                "study.yaml:1:20: no single case for value\n  found: prior, data\n  allowed: one of prior, data"
            ),
            ("{}", "study.yaml:1:8: no single case for value\n  found: no keys\n  allowed: one of prior, data"),
            (
                "{prior: ~}",
                "study.yaml:1:8: no single case for value\n  found: prior: ~\n  allowed: one of prior, data"
            ),
            ("[prior]", "study.yaml:1:8: no single case for value\n  found: a sequence\n  allowed: one of prior, data"),
            ("data", "study.yaml:1:8: missing key 'strength' in value.data\n  found: no keys"),
            (
                "{data: {strength: 2, isShufled: true}}",
                "study.yaml:1:29: unknown key 'isShufled' in value.data\n  allowed: strength, isShuffled\n"
                    + "  did you mean 'isShuffled'?"
            ),
            ("{prior: {strength: 1}}", "study.yaml:1:17: unknown key 'strength' in value.prior\n  allowed: no keys"),
            ("{data: 3}", "study.yaml:1:15: wrong value for value.data\n  found: 3\n  allowed: a mapping"),
        ])
    func refusedChoices(yaml: String, text: String) {
        #expect(errorText { try value(SampleSource.self, yaml) } == text)
    }

    @Test("places errors inside an unlabelled payload without a made-up key")
    func unlabelledPayload() {
        #expect(
            errorText { try value(SampleNetwork.self, "{mlp: {depth: x, activation: relu}}") } == """
                study.yaml:1:22: wrong value for value.mlp.depth
                  found: x
                  allowed: a whole number in decimal digits
                """)
        #expect(
            errorText { try value(SampleNetwork.self, "{mlp: {depth: 1, activation: rleu}}") } == """
                study.yaml:1:37: unknown case 'rleu' for value.mlp.activation
                  allowed: relu, silu
                  did you mean 'relu'?
                """)
        #expect(
            errorText { try value(SampleNetwork.self, "mlp") }
                == "study.yaml:1:8: missing key 'depth' in value.mlp\n  found: no keys")
        #expect(
            errorText { try value(SampleNetwork.self, "linear") } == """
                study.yaml:1:8: wrong value for value.linear
                  found: a mapping
                  allowed: a whole number in decimal digits
                """)
    }

    @Test("refuses a scalar or a sequence where a mapping should be", arguments: [("3", "3"), ("[3]", "a sequence")])
    func notAMapping(yaml: String, found: String) {
        #expect(
            errorText { try value(SampleLayers.self, yaml) }
                == "study.yaml:1:8: wrong value for value\n  found: \(found)\n  allowed: a mapping")
        struct AllOptional: Codable { var a: Int? }
        #expect(
            errorText { try value(AllOptional.self, yaml) }
                == "study.yaml:1:8: wrong value for value\n  found: \(found)\n  allowed: a mapping")
    }

    @Test("numbers the elements of a sequence")
    func sequences() throws {
        #expect(try value([[Int]].self, "[[1, 2], []]") == [[1, 2], []])
        #expect(
            errorText { try value([[Int]].self, "[[1, 2], [3, x]]") } == """
                study.yaml:1:21: wrong value for value[1][1]
                  found: x
                  allowed: a whole number in decimal digits
                """)
        #expect(
            errorText { try value([Int].self, "3") }
                == "study.yaml:1:8: wrong value for value\n  found: 3\n  allowed: a sequence")
    }

    @Test("checks the ranges that a value knows, and shows the place of the key")
    func ranges() throws {
        #expect(
            errorText { try Sample.run(Sample.base(replacing: "width: 64", with: "width: 0")) } == """
                study.yaml:3:10: wrong value for student.width
                  found: 0
                  allowed: more than 0
                """)
        #expect(
            errorText { try Sample.run(Sample.base(replacing: "alpha: 1", with: "alpha: -1")) } == """
                study.yaml:9:27: wrong value for student.objective.freeflow.correction.alpha
                  found: -1.0
                  allowed: at least 0.0
                """)
    }

    @Test("shows the place of a key inside the case of a choice, and the value when no key is named")
    func rangesOfChoices() throws {
        enum Times: Codable, Validated {
            case uniform(low: Double, high: Double)
            enum CodingKeys: String, CodingKey, CaseIterable { case uniform }

            func validate() throws(Violation) {
                guard case .uniform(let low, let high) = self else { return }
                try probability(low, "low")
                try require(low < high, found: "\(low) and \(high)", allowed: "low < high")
            }
        }
        _ = try value(Times.self, "{uniform: {low: 0, high: 1}}")
        #expect(
            errorText { try value(Times.self, "{uniform: {low: 2, high: 1}}") }
                == "study.yaml:1:24: wrong value for value.uniform.low\n  found: 2.0\n  allowed: from 0 to 1")
        #expect(
            errorText { try value(Times.self, "{uniform: {low: 1, high: 0.5}}") }
                == "study.yaml:1:8: wrong value for value\n  found: 1.0 and 0.5\n  allowed: low < high")
    }
}

extension String {
    fileprivate var braced: String { "{\(self)}" }
}
