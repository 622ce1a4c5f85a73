import Foundation
import TestSupport
import Testing

@Suite("What cannot be used is refused with its own exit code, and nothing is written")
struct RefusedInputTests {
    let folder = TemporaryFolder()

    private func expect(
        _ arguments: [String], code: Int32, _ errors: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = folder.names()
        let run = try AblateProcess(arguments, in: folder.path)
        #expect(run.code == code, sourceLocation: sourceLocation)
        #expect(run.output == "", sourceLocation: sourceLocation)
        #expect(run.errors == errors, sourceLocation: sourceLocation)
        #expect(folder.names() == before, sourceLocation: sourceLocation)
    }

    @Test("a study that makes no sense: 65", arguments: ["plan", "run"])
    func nonsense(verb: String) throws {
        try folder.write(TinyStudy.planar.changing("samples: 64", to: "sample: 64"), "tiny.yaml")
        try expect(
            [verb, "tiny.yaml"], code: 65,
            """
            error: tiny.yaml:27:5: unknown key 'sample' in base.evaluation
              allowed: samples
              did you mean 'samples'?
              in the run objective=prediction,seed=0

            """)
        try folder.write("study: [\n", "broken.yaml")
        let run = try AblateProcess([verb, "broken.yaml"], in: folder.path)
        #expect(run.code == 65 && run.output == "")
        #expect(run.errors.hasPrefix("error: broken.yaml:2:1: not valid YAML: "), "\(run.errors)")
    }

    @Test("a change of the study that fits nowhere: 65", arguments: ["plan", "run"])
    func setting(verb: String) throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        try expect(
            [verb, "tiny.yaml", "--set", "base.student.optimization.stpes=3"], code: 65,
            """
            error: --set base.student.optimization.stpes=3: unknown key 'stpes' in base.student.optimization
              allowed: steps, batch, budget, learningRate, warmUp, cooldown, clip, ema, beta1, beta2, epsilon, weightDecay, precision, threads, devices, device, accumulate, rematerialize
              did you mean 'steps'?
              in the run objective=prediction,seed=0

            """)
        try expect(
            [verb, "tiny.yaml", "--set", "base.student"], code: 65,
            "error: --set base.student: not a setting\n  found: base.student\n  allowed: path=value\n")
    }

    @Test("a study that is missing, or a folder: 66", arguments: ["plan", "run"])
    func missing(verb: String) throws {
        try expect(
            [verb, "absent.yaml"], code: 66, "error: absent.yaml: cannot read the study: No such file or directory\n")
        try expect([verb, "."], code: 66, "error: .: cannot read the study: Is a directory\n")
    }

    @Test("results that are missing: 66")
    func missingResults() throws {
        try expect(
            ["show", "absent"], code: 66, "error: absent: cannot list the study's folder: No such file or directory\n")
        try expect(
            ["show", "."], code: 66, "error: .: cannot read the study's records: none is there that can be used\n")
    }

    @Test("a folder for results that cannot be written: 74")
    func unwritable() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        try folder.write("text", "file")
        try expect(
            ["run", "tiny.yaml", "--results", "file/inside"], code: 74,
            "error: file/inside/tiny: cannot create the folder: Not a directory\n")
        #expect(try String(contentsOfFile: folder.file("file"), encoding: .utf8) == "text")
    }
}
