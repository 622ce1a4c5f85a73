import Testing

@testable import Specification

@Suite("A patch of a spec")
struct SpecPatchTests {
    /// The base after patches, decoded.
    func run(_ patches: String...) throws -> SampleRun {
        try Sample.run(patches.reduce(Sample.tree(Sample.base)) { try $0.patched(with: Sample.tree($1)) })
    }

    @Test("merges mappings and leaves their other keys")
    func merge() throws {
        var expected = try run()
        expected.student.width = 128
        #expect(try run("student: {width: 128}") == expected)
        expected.student.objective = .freeflow(
            prediction: .init(exponent: 0.5), correction: .init(alpha: 3, weights: [0.1, 2]))
        #expect(try run("student: {width: 128, objective: {freeflow: {correction: {alpha: 3}}}}") == expected)
    }

    @Test("changes the case of a choice, and forgets the old payload")
    func changeOfCase() throws {
        #expect(try run("student: {objective: {meanFlow: {power: 2}}}").student.objective == .meanFlow(power: 2))
        #expect(
            try run("student: {objective: {meanFlow: {power: 2}}}", "student: {objective: {meanFlow: {power: 3}}}")
                .student.objective == .meanFlow(power: 3))
        #expect(try run("source: {data: {strength: 1, isShuffled: true}}", "source: prior").source == .prior)
        let back = "student: {objective: {freeflow: {correction: {alpha: 3, weights: []}}}}"
        #expect(
            errorText { try run("student: {objective: {meanFlow: {power: 2}}}", back) }
                == "study.yaml:1:33: missing key 'prediction' in student.objective.freeflow\n  found: correction")
    }

    @Test("changes the case of a choice that does not list its cases too")
    func unlistedCases() throws {
        enum Weighting: Codable, Equatable {
            case constant(Double)
            case power(exponent: Double)
        }
        func weighting(_ patch: String) throws -> Weighting {
            try StrictDecoder().decode(
                Weighting.self, from: Sample.tree("constant: 2").patched(with: Sample.tree(patch)))
        }
        #expect(try weighting("power: {exponent: 3}") == .power(exponent: 3))
        #expect(try weighting("constant: 3") == .constant(3))
        #expect(
            errorText { try weighting("pwr: {exponent: 3}") } == "study.yaml:1:1: unknown case 'pwr' for the document")
    }

    @Test("gives a record of one key a second one, which is no change of case")
    func recordOfOneKey() throws {
        struct Limits: Codable, Equatable {
            var steps: Int?
            var hours: Double?
        }
        let tree = try Sample.tree("{steps: 5}").patched(with: Sample.tree("{hours: 2}"))
        #expect(try StrictDecoder().decode(Limits.self, from: tree) == Limits(steps: 5, hours: 2))
        let table = try StrictDecoder().decode([String: Double].self, from: tree)
        #expect(table == ["steps": 5, "hours": 2])
    }

    @Test("takes an optional key away with ~, and a misspelt one is still unknown")
    func removal() throws {
        let alone = try run("student: {objective: {freeflow: {correction: ~}}}")
        #expect(alone.student.objective == .freeflow(prediction: .init(exponent: 0.5), correction: nil))
        #expect(
            errorText { try run("student: {objective: {freeflow: {corection: ~}}}") } == """
                study.yaml:1:34: unknown key 'corection' in student.objective.freeflow
                  allowed: prediction, correction
                  did you mean 'correction'?
                """)
        #expect(
            errorText { try run("student: {width: ~}") } == """
                study.yaml:1:18: wrong value for student.width
                  found: ~
                  allowed: a whole number in decimal digits
                """)
    }

    @Test("sets a value below whichever key is there, where a path says *")
    func anyKey() throws {
        for name in ["free", "based"] {
            let tree = try Sample.tree("{method: {\(name): {strength: 0}}}")
            let patched = try Sample.tree("{method: {other: {strength: 1}}}").patched(with: tree)
            for choice in [tree, patched] {
                let set = try choice.setting("method.*.strength", to: Sample.tree("2"))
                let found = try #require(try set.setting("method.*.other", to: Sample.tree("3"))["method"]?[name])
                #expect(
                    try StrictDecoder().decode([String: Int].self, from: found) == ["strength": 2, "other": 3])
            }
        }
        let error = #expect(throws: SpecError.self) {
            try Sample.tree("{method: {a: {}, b: {}}}").setting("method.*.strength", to: Sample.tree("2"))
        }
        #expect(error?.description.hasSuffix("found: 2 keys where * stands\n  allowed: one key there") == true)
    }

    @Test("replaces what it replaced also where a setting has changed it")
    func settingInside() throws {
        let tree = try Sample.tree("{a: {x: 1, y: 2}}"), patch = try Sample.tree("{a: !replace {z: {w: 3}}}")
        for (setting, expected) in [("a.z.w=4", "{z: {w: 4}}"), ("a=!replace {v: {u: 5}}", "{v: {u: 5}}")] {
            let replaced = try #require(try tree.patched(with: patch.setting(setting))["a"])
            let found = try StrictDecoder().decode([String: [String: Int]].self, from: replaced)
            #expect(try found == StrictDecoder().decode([String: [String: Int]].self, from: Sample.tree(expected)))
        }
    }

    @Test("replaces a whole mapping where it says !replace, sequences and scalars always")
    func replacement() throws {
        let tree = try Sample.tree("{a: {x: 1, y: 2}, b: [1, 2]}")
        let decoder = StrictDecoder()
        let replaced = try tree.patched(with: Sample.tree("{a: !replace {z: 3}, b: [4]}"))
        #expect(try decoder.decode([String: Int].self, from: try #require(replaced["a"])) == ["z": 3])
        #expect(try decoder.decode([Int].self, from: try #require(replaced["b"])) == [4])
        let merged = try tree.patched(with: Sample.tree("{a: {z: 3}}"))
        #expect(try decoder.decode([String: Int].self, from: try #require(merged["a"])) == ["x": 1, "y": 2, "z": 3])
    }

    @Test("sets the value at a dotted key, wherever the key stands")
    func dottedKeys() throws {
        let path = "student.objective.freeflow.correction"
        let expected = try run("student: {objective: {freeflow: {correction: {alpha: 3}}}}")
        #expect(try run("\(path).alpha: 3") == expected)
        #expect(try run("student: {objective.freeflow.correction.alpha: 3}") == expected)
        #expect(
            errorText { try run("\(path): {alpha: 3}") } == """
                study.yaml:1:40: missing key 'weights' in student.objective.freeflow.correction
                  found: alpha
                """)
    }

    @Test("at a dotted key never changes a case, nor revives what was taken away")
    func dottedKeysFit() throws {
        let path = "student.objective.freeflow.correction.alpha"
        #expect(
            errorText { try run("student: {objective: {meanFlow: {power: 2}}}", "\(path): 3") } == """
                study.yaml:1:1: no single case for student.objective
                  found: meanFlow, freeflow
                  allowed: one of freeflow, meanFlow
                """)
        #expect(
            errorText { try run("student: {objective: {freeflow: {correction: ~}}}", "\(path): 3") } == """
                study.yaml:1:1: cannot set student.objective.freeflow.correction.alpha
                  found: student.objective.freeflow.correction is ~ (taken away at study.yaml:1:46)
                  allowed: a mapping at student.objective.freeflow.correction
                """)
        #expect(
            errorText { try run("student.width.x: 3") } == """
                study.yaml:1:1: cannot set student.width.x
                  found: student.width is 64
                  allowed: a mapping at student.width
                """)
        #expect(
            errorText { try run("student..width: 3") } == """
                study.yaml:1:1: 'student..width' is not a key path
                  allowed: names with single dots between them
                """)
    }

    @Test("comes from the command line as path=value, and errors quote it")
    func commandLine() throws {
        let base = try Sample.tree(Sample.base)
        let run = try Sample.run(
            base.setting("student.width=128").setting("source={data: {strength: 2, isShuffled: true}}"))
        #expect(run.student.width == 128)
        #expect(run.source == .data(strength: 2, isShuffled: true))
        #expect(
            errorText { try Sample.run(base.setting("student.widht=128")) } == """
                --set student.widht=128: unknown key 'widht' in student
                  allowed: width, rate, network, objective
                  did you mean 'width'?
                """)
        #expect(
            errorText { try Sample.run(base.setting("student.width=wide")) } == """
                --set student.width=wide: wrong value for student.width
                  found: wide
                  allowed: a whole number in decimal digits
                """)
        #expect(
            errorText { try base.setting("student.width") } == """
                --set student.width: not a setting
                  found: student.width
                  allowed: path=value
                """)
        #expect(
            errorText { try base.setting("student.width=[1") }
                == "--set student.width=[1: not valid YAML: "
                + "while parsing a flow sequence, did not find expected ',' or ']'")
    }
}
