import LinearAlgebra
import Tensors
import Results
import TestSupport
import Testing

@Suite("The command line explains itself")
struct UsageTests {
    let folder = TemporaryFolder()

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    @Test(
        "each verb has a help that names its options",
        arguments: [
            ([], ["run", "plan", "status", "show", "EXIT CODES", "--version"]),
            (["run"], ["<study>", "--set", "--results", "--jobs", "--retry-failed", "--checkpoint", "--device"]),
            (["devices"], ["ABLATE_PJRT", "jax_plugins"]),
            (["status"], ["<folder>"]),
            (["plan"], ["<study>", "--set", "--results", "--jobs"]),
            (["report"], ["<folders>", "--page", "--markdown", "--no-figures", "--templates", "--overwrite"]),
            (["compare"], ["<paths>", "--all", "--columns", "--drift", "text, markdown,"]),
            (["convert"], ["<folder>", "--to", "tensorboard, csv, xarray", "--output", "--overwrite"]),
            (["show"], ["<folder>", "--format", "text, markdown,", "--claims", "--drift", "--over-training"]),
            (["reproduce"], ["<studies>", "--results", "--jobs", "--plan", "--retry-failed", "--no-figures"]),
            (["models"], ["<sizes>", "--input", "--classes", "--batch", "--outputs"]),
            (
                ["sample"],
                ["<checkpoint>", "--sampler", "--steps", "--guidance", "--count", "--seed", "--classes", "--out"]
            ),
            (["export"], ["<folder>", "--model", "--naming", "--convention", "--to"]),
            (["import"], ["<source>", "--input", "--heads", "--convention", "--to"]),
        ] as [([String], [String])])
    func help(verb: [String], options: [String]) throws {
        let run = try AblateProcess(verb + ["--help"], in: folder.path)
        #expect(run.code == 0)
        #expect(run.errors == "")
        for option in options { #expect(run.output.contains(option), "no \(option) in the help of \(verb)") }
        #expect(!run.output.contains("work  "), "what run starts is no verb for people")
    }

    @Test("the version is that of records, with the commit of the build and the instruction set")
    func version() throws {
        let run = try ablate("--version")
        #expect(run.code == 0 && run.errors == "")
        let lines = run.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 3)
        #expect(lines[0] == Version.text && lines[2] == "instruction set: \(InstructionSet.current)")
        #expect(
            lines[1].wholeMatch(of: /commit: [0-9a-f]{40}(-changed)?/) != nil
                || lines[1] == "commit: unknown, as it was built without make or outside of a git checkout",
            "\(lines[1])")
    }

    @Test("completion scripts for each shell know the commands and their options", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        let run = try ablate("--generate-completion-script", shell)
        #expect(run.code == 0 && run.errors == "")
        for word in ["ablate", "reproduce", "until-decided"] { #expect(run.output.contains(word), "no \(word)") }
    }

    @Test(
        "wrong usage is exit 64, says what is wrong, and does nothing",
        arguments: [
            (["frobnicate"], "Error: Unexpected argument 'frobnicate'"),
            (["run", "tiny.yaml", "--bogus"], "Error: Unknown option '--bogus'"),
            (["run"], "Error: Missing expected argument '<study>'"),
            (["plan", "tiny.yaml", "--jobs", "0"], "Error: --jobs is at least 1, not 0"),
            (["run", "tiny.yaml", "--jobs", "0"], "Error: --jobs is at least 1, not 0"),
            (["run", "tiny.yaml", "-j", "two"], "Error: The value 'two' is invalid for '-j <jobs>'"),
            (["show", ".", "--format", "html"], "Error: The value 'html' is invalid for '--format <format>'"),
        ] as [([String], String)])
    func wrong(arguments: [String], text: String) throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        let run = try AblateProcess(arguments, in: folder.path)
        #expect(run.code == 64)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix(text), "\(run.errors)")
        #expect(folder.names() == ["tiny.yaml"])
    }
}
