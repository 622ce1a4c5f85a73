import Testing

@testable import Specification
@testable import Study

@Suite("An axis may depend on others") struct SweepConditionTests {
    private func sweep(_ axes: String) throws(SpecError) -> [SweepPoint] {
        let base = try SpecTree(yaml: "{method: {based: {strength: 0}}, seed: 0}", file: "base.yaml")
        return try Sweep(base: base, axes: try SpecTree(yaml: axes, file: "axes.yaml")).points()
    }

    private let methods = """
        objective: {based: {}, free: {method: {free: {}}}}
        strength: {path: method.based.strength, values: [0, 1], when: {objective: based}}
        seed: [0, 1]
        """

    @Test("Where its condition does not hold an axis has no value")
    func absentValues() throws {
        #expect(
            try sweep(methods).map(\.name) == [
                "objective=based,strength=0,seed=0", "objective=based,strength=0,seed=1",
                "objective=based,strength=1,seed=0", "objective=based,strength=1,seed=1", "objective=free,seed=0",
                "objective=free,seed=1",
            ])
    }

    @Test("Arms have a condition beside them, or none")
    func arms() throws {
        let kinds = "{arms: {low: {}, high: {method: {based: {strength: 3}}}}, when: {objective: based}}"
        #expect(
            try sweep("objective: {based: {}, free: {method: {free: {}}}}\nkind: \(kinds)\n").map(\.name) == [
                "objective=based,kind=low", "objective=based,kind=high", "objective=free",
            ])
        #expect(try sweep("kind: {arms: {seed: 1}, low: {}}").map(\.name) == ["kind=arms", "kind=low"])
        let error = #expect(throws: SpecError.self) {
            try sweep("objective: {based: {}}\nkind: {arms: {low: 1}, when: {objective: based}}")
        }
        #expect(error?.description.contains("axes.kind.arms.low") == true)
    }

    @Test("A path with * meets every path that it may stand for, of an axis or of a setting")
    func anyKey() throws {
        let strength = "strength: {path: method.*.strength, values: [1, 2]}"
        #expect(try sweep("\(strength)\nseed: [0]").map(\.name) == ["strength=1,seed=0", "strength=2,seed=0"])
        let arms = "arm: {weak: {method: {based: {strength: 3}}}}"
        for axes in ["\(arms)\n\(strength)", "\(strength)\n\(arms)"] {
            let error = #expect(throws: SpecError.self) { try sweep(axes) }
            #expect(error?.description.contains("' both set method.") == true)
        }
        let set = try SpecTree(yaml: "{method: {based: {strength: 0}}}", file: "base.yaml")
            .setting("method.based.strength=5")
        let error = #expect(throws: SpecError.self) {
            try Sweep(base: set, axes: SpecTree(yaml: strength, file: "axes.yaml"))
        }
        #expect(error?.description.contains("axis 'strength' sets method.*.strength too") == true)
    }

    @Test("A condition on an unknown value is refused")
    func unknownValue() {
        let error = #expect(throws: SpecError.self) {
            try sweep(methods.replacing("when: {objective: based}", with: "when: {objective: baesd}"))
        }
        #expect(
            error?.description == """
                axes.yaml:2:64: unknown value 'baesd' of axis 'objective' in the condition of 'strength'
                  allowed: based, free
                  did you mean 'based'?
                """)
    }

    @Test("A condition on an axis that comes later is refused")
    func laterAxis() {
        let error = #expect(throws: SpecError.self) {
            try sweep(methods.replacing("when: {objective: based}", with: "when: {seed: 0}"))
        }
        #expect(
            error?.description == """
                axes.yaml:2:64: the condition of axis 'strength' names no axis before it
                  allowed: objective
                """)
    }
}
