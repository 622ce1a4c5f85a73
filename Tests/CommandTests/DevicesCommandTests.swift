import LinearAlgebra
import Foundation
import TestSupport
import Testing
import XLA

@Suite("ablate devices") struct DevicesCommandTests {
    private let folder = TemporaryFolder()

    private func devices(_ environment: [String: String]) throws -> AblateProcess {
        try AblateProcess(["devices"], in: folder.path, environment: environment)
    }

    /// Whether no plug-in lies beside the program, where no variable of the environment hides it.
    static let isAlone = PluginSearch(
        environment: [:], programFolder: (AblateProcess.executable as NSString).deletingLastPathComponent
    ).paths.isEmpty
    static let advice: Comment = "a plug-in lies beside the program: rm -r .build/gpu"

    @Test("without a plug-in lists the processor, and what to install", .enabled(if: isAlone, advice))
    func none() throws {
        let run = try devices(["ABLATE_PJRT": "", "VIRTUAL_ENV": folder.path])
        #expect(run.code == 0 && run.errors == "")
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("cpu ") && $0.contains(InstructionSet.current) })
        #expect(run.output.contains("No plug-in was found"))
        #expect(run.output.contains("pip install"))
    }

    @Test("says of a file that is no plug-in what is wrong with it, and goes on", .enabled(if: isAlone, advice))
    func damaged() throws {
        let file = folder.file("plugin.so")
        try Data("no library".utf8).write(to: URL(fileURLWithPath: file))
        let run = try devices(["ABLATE_PJRT": "\(file):\(folder.path)/missing.so", "VIRTUAL_ENV": folder.path])
        #expect(run.code == 0)
        #expect(
            run.errors == """
                \(file): \(file): file too short
                \(folder.path)/missing.so: \(folder.path)/missing.so: cannot open shared object file: No such file or directory

                """)
        #expect(run.output.contains("No plug-in that was found can be used"))
    }

    private static let plugins = PluginSearch.current.paths.filter { !$0.contains("cuda") }

    @Test(
        "lists a plug-in's devices with its versions",
        .enabled(
            if: !plugins.isEmpty,
            "no PJRT plug-in is installed: pip install --no-deps -r Tests/Peers/xla-requirements.txt"))
    func plugin() throws {
        let path = try #require(Self.plugins.first)
        let run = try devices(["ABLATE_PJRT": path, "VIRTUAL_ENV": folder.path])
        #expect(run.code == 0)
        let line = try #require(run.output.split(separator: "\n").first { $0.contains(path) }.map(String.init))
        #expect(line.hasPrefix("xla:cpu "))
        #expect(line.firstMatch(of: /\(PJRT 0\.\d+, StableHLO \d+\.\d+\.\d+\)/) != nil, "\(line)")
        #expect(!run.output.contains("No plug-in"))
    }
}
