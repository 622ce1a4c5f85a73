import Testing

@testable import Specification
@testable import Study

@Suite("A sweep")
struct SweepTests {
    /// The sweep of a study's text without its base.
    func sweep(_ yaml: String, base: String = Sample.base) throws -> Sweep {
        let tree = try Sample.tree(yaml)
        let base = try SpecTree(yaml: base, file: "base.yaml")
        return try Sweep(base: base, axes: tree["axes"], include: tree["include"], exclude: tree["exclude"])
    }

    func names(_ yaml: String) throws -> [String] { try sweep(yaml).points().map(\.name) }

    func refusal(_ yaml: String) -> String { errorText { try sweep(yaml).points().map(\.name) } }

    static let objective = """
        axes:
          objective:
            prediction: {student: {objective: {freeflow: {correction: ~}}}}
            combined: {}
            meanFlow: {student: {objective: {meanFlow: {power: 2}}}}

        """

    @Test("without axes is its base")
    func noAxes() throws {
        let points = try sweep("{}").points()
        #expect(points.map(\.name) == ["base"])
        #expect(try points[0].decode(SampleRun.self) == Sample.run(Sample.tree(Sample.base)))
    }

    @Test("is the grid of its axes, the last varying fastest, each point with its changes")
    func grid() throws {
        let points = try sweep(Self.objective + "  seed: [0, 1]").points()
        #expect(
            points.map(\.name) == [
                "objective=prediction,seed=0", "objective=prediction,seed=1", "objective=combined,seed=0",
                "objective=combined,seed=1", "objective=meanFlow,seed=0", "objective=meanFlow,seed=1",
            ])
        let runs = try points.map { try $0.decode(SampleRun.self) }
        #expect(runs.map(\.seed) == [0, 1, 0, 1, 0, 1])
        #expect(runs[1].student.objective == .freeflow(prediction: .init(exponent: 0.5), correction: nil))
        #expect(runs[2] == (try Sample.run(Sample.tree(Sample.base))))
        #expect(runs[5].student.objective == .meanFlow(power: 2))
        #expect(points[3].coordinates.map(\.number) == [nil, 1])
        #expect(points[3]["objective"] == "combined")
        #expect(points[3]["width"] == nil)
    }

    @Test("sets one path, several alike, or linked ones in step")
    func paths() throws {
        let base = Sample.base + "\nnote: x"
        let points = try sweep(
            """
            axes:
              rate: {path: student.rate, values: [0.5, 1e-2]}
              both: {paths: [seed, student.width], values: [7]}
              name+depth: {zip: {note: [a, ~], student.network.mlp.depth: [1, 3]}}
            """, base: base
        ).points()
        #expect(
            points.map(\.name) == [
                "rate=0.5,both=7,name+depth=a+1", "rate=0.5,both=7,name+depth=none+3",
                "rate=1e-2,both=7,name+depth=a+1", "rate=1e-2,both=7,name+depth=none+3",
            ])
        let run = try points[3].decode(SampleRun.self)
        #expect(run.student.rate == 0.01 && run.seed == 7 && run.student.width == 7 && run.note == nil)
        #expect(run.student.network == .mlp(.init(depth: 3, activation: .silu)))
        #expect(points[3].coordinates.map(\.number) == [0.01, 7, nil])
    }

    @Test("leaves out what a row of exclude matches, also where it would not fit the base")
    func exclude() throws {
        let alpha = "  alpha: {path: student.objective.freeflow.correction.alpha, values: [1, 2]}\n"
        let two = try names(
            Self.objective + alpha
                + "exclude: [{objective: prediction}, {objective: [meanFlow, combined], alpha: 2.0}, "
                + "{objective: meanFlow}]")
        #expect(two == ["objective=combined,alpha=1"])
        #expect(
            refusal(Self.objective + alpha) == """
                study.yaml:6:71: cannot set student.objective.freeflow.correction.alpha
                  found: student.objective.freeflow.correction is ~ (taken away at study.yaml:3:63)
                  allowed: a mapping at student.objective.freeflow.correction
                  in the run objective=prediction,alpha=1; a row of exclude can leave it out
                """)
    }

    @Test("adds the rows of include after the grid, each point once")
    func include() throws {
        let axes = "axes: {rate: {path: student.rate, values: [0.5]}, seed: [0, 1]}\n"
        #expect(
            try names(axes + "include: [{rate: 0.25}, {rate: [0.50, 0.125], seed: 1}, {seed: 2, rate: 0.5}]") == [
                "rate=0.5,seed=0", "rate=0.5,seed=1", "rate=0.25,seed=0", "rate=0.25,seed=1", "rate=0.125,seed=1",
                "rate=0.5,seed=2",
            ])
        #expect(
            try names(axes + "exclude: [{seed: 1}]\ninclude: [{seed: 1}]") == ["rate=0.5,seed=0", "rate=0.5,seed=1"])
        let points = try sweep(axes + "include: [{rate: 0.25, seed: 5}]").points()
        #expect(try points.last?.decode(SampleRun.self).student.rate == 0.25)
    }

    @Test(
        "refuses rows that name no axis, no value, or no point",
        arguments: [
            (
                "exclude: [{objectiv: combined}]",
                "study.yaml:7:12: unknown axis 'objectiv' in exclude\n  allowed: objective, seed\n"
                    + "  did you mean 'objective'?"
            ),
            (
                "exclude: [{objective: combind}]",
                "study.yaml:7:23: unknown value 'combind' of axis 'objective' in exclude\n"
                    + "  allowed: prediction, combined, meanFlow\n  did you mean 'combined'?"
            ),
            (
                "include: [{objective: combind}]",
                "study.yaml:7:23: unknown value 'combind' of axis 'objective' in include\n"
                    + "  allowed: prediction, combined, meanFlow\n  did you mean 'combined'?"
            ),
            (
                "exclude: [{seed: 3}]",
                "study.yaml:7:18: unknown value '3' of axis 'seed' in exclude\n  allowed: 0, 1"
            ),
            (
                "include: [{seed: {a: 1}}]",
                "study.yaml:7:18: wrong value for a value of axis 'seed'\n  found: a mapping\n  allowed: a scalar, or a named arm"
            ),
            ("exclude: [{seed: 1}, {seed: []}]", "study.yaml:7:22: this row of exclude matches no point"),
            (
                "exclude: [{}]",
                "study.yaml:7:11: wrong row of exclude\n  found: a mapping\n  allowed: axis names with their values"
            ),
            (
                "include: combined",
                "study.yaml:7:10: wrong value for include\n  found: combined\n  allowed: a sequence of rows"
            ),
        ])
    func refusedRows(yaml: String, text: String) {
        #expect(refusal(Self.objective + "  seed: [0, 1]\n" + yaml) == text)
    }

    @Test(
        "refuses axes that cannot be read",
        arguments: [
            (
                "a b: [1]",
                "study.yaml:2:3: not usable as an axis name\n  found: 'a b'\n  allowed: letters, digits and . _ + -"
            ),
            (
                "note: [a/b]",
                "study.yaml:2:10: not usable as a value of axis 'note'\n  found: 'a/b'\n  allowed: letters, digits and . _ + -"
            ),
            ("seed: []", "study.yaml:2:9: axis 'seed' has no values"),
            ("seed: {}", "study.yaml:2:9: axis 'seed' has no values"),
            (
                "seed: 3",
                "study.yaml:2:9: wrong value for axes.seed\n  found: 3\n  allowed: a sequence of values, named arms, path and values, or zip"
            ),
            ("seed: [0, 1, 0]", "study.yaml:2:16: axis 'seed' has the same value twice\n  found: 0"),
            ("rate: [1, 1.0]", "study.yaml:2:13: axis 'rate' has the same value twice\n  found: 1 and 1.0"),
            (
                "w: [[1], [2]]",
                "study.yaml:2:7: wrong value for a value of axis 'w'\n  found: a sequence\n  allowed: a scalar, or a named arm"
            ),
            (
                "w: {pth: a, values: [1]}",
                "study.yaml:2:7: unknown key 'pth' in axes.w\n  allowed: path, paths, values, when\n  did you mean 'path'?"
            ),
            (
                "w: {values: [1]}",
                "study.yaml:2:3: axis 'w' needs a path\n  allowed: either path or paths, beside values"
            ),
            (
                "w: {path: a, paths: [b], values: [1]}",
                "study.yaml:2:3: axis 'w' needs a path\n  allowed: either path or paths, beside values"
            ),
            ("w: {path: a}", "study.yaml:2:3: missing key 'values' in axes.w"),
            (
                "w: {path: a, values: 3}",
                "study.yaml:2:24: wrong value for axes.w.values\n  found: 3\n  allowed: a sequence"
            ),
            (
                "w: {arm: 3}",
                "study.yaml:2:12: wrong value for axes.w.arm\n  found: 3\n  allowed: a mapping, the patch of base which makes this arm"
            ),
            (
                "w: {zip: {a: [1, 2], b: [3]}}",
                "study.yaml:2:27: linked values of axis 'w' differ in number\n  found: 2 for a, 1 for b"
            ),
            (
                "w: {zip: [1]}",
                "study.yaml:2:12: wrong value for axes.w.zip\n  found: a sequence\n  allowed: key paths, each with a sequence of values"
            ),
            ("w: {zip: {a: 1}}", "study.yaml:2:16: wrong value for axes.w.zip.a\n  found: 1\n  allowed: a sequence"),
            (
                "w: {zip: {a: [1]}, values: [1]}",
                "study.yaml:2:22: unknown key 'values' in axes.w\n  allowed: zip, when"
            ),
        ])
    func refusedAxes(yaml: String, text: String) {
        #expect(refusal("axes:\n  \(yaml)") == text)
    }

    @Test("refuses axes that would undo each other")
    func crossedAxes() throws {
        #expect(
            refusal("axes:\n  seed: [0, 1]\n  s: {path: seed, values: [2]}") == """
                study.yaml:3:3: axes 'seed' and 's' both set seed
                  the other is at study.yaml:2:3
                """)
        #expect(
            refusal("axes:\n  a: {x: {student: {width: 3}}}\n  student.width: [1]") == """
                study.yaml:3:3: axes 'a' and 'student.width' both set student.width
                  the other is at study.yaml:2:21
                """)
        let alpha = "axes:\n  alpha: {path: student.objective.freeflow.correction.alpha, values: [1, 2]}\n"
        #expect(
            refusal(alpha + "  arm: {x: {student: {objective: {freeflow: {correction: ~}}}}}") == """
                study.yaml:3:46: axis 'arm' replaces student.objective.freeflow.correction, in which axis 'alpha' sets \
                student.objective.freeflow.correction.alpha
                  write 'arm' before 'alpha'
                """)
        #expect(try names("axes: {a: {x: {student: {width: 3}}}, student.rate: [1]}") == ["a=x,student.rate=1"])
    }

    @Test("does not let an axis hide a setting of the command line")
    func hiddenSetting() throws {
        let tree = try Sample.tree("base: {seed: 0}\naxes: {seed: [1, 2]}")
        func points(_ setting: String) throws -> [String] {
            let tree = try tree.setting(setting)
            return try Sweep(base: try #require(tree["base"]), axes: tree["axes"]).points().map(\.name)
        }
        #expect(try points("axes.seed=[5]") == ["seed=5"])
        #expect(
            errorText { try points("base.seed=5") } == """
                --set base.seed=5: axis 'seed' sets seed too
                  the axis is at study.yaml:2:8; set axes.seed instead
                """)
    }

    @Test("says in which run a value is wrong, and where it was written")
    func decoding() throws {
        let points = try sweep("axes: {size: {small: {student: {width: 0}}}, student.rate: [0.5, fast]}").points()
        #expect(
            errorText { try points[0].decode(SampleRun.self) } == """
                study.yaml:1:40: wrong value for base.student.width
                  found: 0
                  allowed: more than 0
                  in the run size=small,student.rate=0.5
                """)
        #expect(
            errorText { try points[1].decode(SampleRun.self) } == """
                study.yaml:1:66: wrong value for base.student.rate
                  found: fast
                  allowed: a decimal number
                  in the run size=small,student.rate=fast
                """)
    }

    @Test("refuses names too long for a folder")
    func longNames() {
        let long = String(repeating: "x", count: 196)
        #expect(
            refusal("axes: {a: {\(long): {}}, b: [1]}").hasPrefix(
                "study.yaml:1:8: a run's name is too long for a folder"))
        #expect(!refusal("axes: {a: {\(long): {}}}").contains("too long"))
    }
}
