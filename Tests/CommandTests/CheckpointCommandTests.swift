import Foundation
import TestSupport
import Testing

@Suite("ablate models, sample, export and import")
struct CheckpointCommandTests {
    let folder = TemporaryFolder()

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    /// A study of one run with a tiny transformer of the digits.
    private static let transformer = TinyStudy.digits.changing(
        "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}",
        to: "{sit: {patch: 4, width: 8, depth: 1, heads: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"
    ).changing("    combined: {}\n", to: "").changing("seed: [0, 1]", to: "seed: [0]")

    @Test("models lists the published counts, and a size that does not fit is wrong usage")
    func models() throws {
        let run = try ablate("models", "XL/2", "B/2")
        #expect(run.code == 0 && run.errors == "")
        #expect(run.output.contains("XL/2  675,129,632  678,378,272"))
        #expect(run.output.contains("B/2   130,512,416"))
        let wrong = try ablate("models", "S/3", "--input", "1x28x28")
        #expect(wrong.code == 64 && wrong.errors.contains("a patch of 3 does not divide 28 × 28"))
        #expect(try ablate("models", "M/2").code == 64)
        #expect(try ablate("models", "--input", "28x28").code == 64)
    }

    @Test("a teacher goes out under the released names, comes back, is sampled and teaches again")
    func circle() throws {
        try folder.write(Self.transformer, "study.yaml")
        #expect(try ablate("run", "study.yaml").code == 0)
        let point = "results/tiny/objective=prediction,seed=0"
        for (model, naming) in [("teacher", "ablate"), ("teacher", "pytorch"), ("classifier", "ablate")] {
            let export = try ablate(
                "export", point, "--model", model, "--naming", naming, "--to", "\(model)-\(naming).safetensors")
            #expect(export.code == 0 && export.output == "Wrote \(model)-\(naming).safetensors\n", "\(export.errors)")
        }
        let imported = try ablate(
            "import", "teacher-pytorch.safetensors", "--input", "1x8x8", "--heads", "2", "--to", "again.safetensors")
        #expect(
            imported.output.hasPrefix("Wrote again.safetensors: a teacher of 10 classes for samples 1x8x8\n"),
            "\(imported.errors)")
        let unguided = try ablate(
            "import", "teacher-pytorch.safetensors", "--input", "1x8x8", "--heads", "2", "--null-class", "none", "--to",
            "unguided.safetensors")
        #expect(
            unguided.output.hasPrefix(
                "Wrote unguided.safetensors: a teacher of 11 classes for samples 1x8x8, which cannot be guided\n"))
        let teacher = "teacher-ablate.safetensors"
        for (index, (name, options, evaluations)) in [
            (teacher, ["--steps", "2", "--guidance", "2"], "6 evaluations"), ("\(point)/student.safetensors", [], "1 "),
            (teacher, ["--sampler", "adaptive", "--tolerances", "1e-2,1e-3"], ""),
            (teacher, ["--sampler", "sde", "--steps", "5", "--diffusion", "decreasing"], "5 evaluations"),
        ].enumerated() {
            let sample = try AblateProcess(
                ["sample", name, "--count", "4", "--classes", "1,2", "--out", "out-\(index)"] + options, in: folder.path
            )
            #expect(sample.code == 0, "\(sample.errors)")
            #expect(sample.output.contains("4 samples, \(evaluations)"), "\(sample.output)")
            #expect(folder.contains("out-\(index)/samples.h5") && folder.contains("out-\(index)/grid.png"))
        }
        try folder.write(
            "study: next\nquestion: Again?\nextends: study.yaml\nbase:\n  teacher: !replace {checkpoint: again.safetensors}\n",
            "next.yaml")
        let next = try ablate("run", "next.yaml")
        #expect(next.code == 0, "\(next.errors)")
    }

    @Test("what cannot be done leaves nothing and overwrites nothing")
    func refused() throws {
        try folder.write("kept", "there.safetensors")
        let absent = try ablate("export", "results/tiny/none", "--to", "out.safetensors")
        #expect(absent.code == 66)
        #expect(
            absent.errors
                == "error: results/tiny/none/run.h5: cannot read the run's record: No such file or directory\n")
        let damaged = try ablate("sample", "there.safetensors", "--out", "out")
        #expect(damaged.code == 65)
        #expect(
            damaged.errors
                == "error: there.safetensors: found 4 bytes, allowed: a safetensors file of at least 8\n")
        let existing = try ablate("import", "none.safetensors", "--input", "1x8x8", "--to", "there.safetensors")
        #expect(existing.code == 74)
        #expect(
            existing.errors
                == "error: there.safetensors: cannot import the checkpoint: File exists; --overwrite replaces it\n")
        #expect(try ablate("sample", "none.safetensors", "--out", "out").code == 66)
        for options in [
            ["--sampler", "adaptive", "--steps", "3"], ["--tolerances", "1e-3,1e-6"], ["--last", "0.1"],
            ["--sampler", "sde", "--steps", "1"], ["--sampler", "adaptive", "--tolerances", "2,1e-6"],
        ] {
            let wrong = try AblateProcess(["sample", "none.safetensors", "--out", "out"] + options, in: folder.path)
            #expect(wrong.code == 64, "\(options): \(wrong.errors)")
        }
        let dropout = try ablate(
            "import", "none.safetensors", "--input", "1x8x8", "--null-class", "none", "--label-dropout", "0.1", "--to",
            "out.safetensors")
        #expect(dropout.code == 64 && dropout.errors.contains("--label-dropout is 0 with --null-class none, not 0.1"))
        #expect(folder.names() == ["there.safetensors"])
    }
}
