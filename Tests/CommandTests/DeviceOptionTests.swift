import Foundation
import Results
import TestSupport
import Testing
import XLA

@Suite("--device") struct DeviceOptionTests {
    private let folder = TemporaryFolder()

    private func run(_ arguments: [String], _ environment: [String: String]) throws -> AblateProcess {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        return try AblateProcess(
            ["run", "tiny.yaml"] + arguments, in: folder.path,
            environment: environment.merging(["XDG_CACHE_HOME": folder.path, "VIRTUAL_ENV": folder.path]) { $1 })
    }

    @Test(
        "A device without a plug-in is refused before anything runs",
        .enabled(if: DevicesCommandTests.isAlone, DevicesCommandTests.advice))
    func missing() throws {
        let run = try run(["--device", "cuda"], ["ABLATE_PJRT": ""])
        #expect(run.code == 66)
        #expect(
            run.errors == """
                error: the device cuda
                  found: no plug-in for it
                  allowed: what ablate devices lists

                """)
        #expect(!FileManager.default.fileExists(atPath: folder.file("results")))
    }

    @Test("What is no device is wrong usage", arguments: ["gpu", "xla:", "xla:CPU", "xla:relative/path.so"])
    func wrong(device: String) throws {
        let run = try run(["--device", device], [:])
        #expect(run.code == 64)
        #expect(run.errors.contains("--device"))
    }

    private static let plugins = PluginSearch.current.paths.filter { !$0.contains("cuda") }

    @Test(
        "A study runs on XLA, whose records say so, and what is compiled is kept",
        .enabled(
            if: !plugins.isEmpty,
            "no PJRT plug-in is installed: pip install --no-deps -r Tests/Peers/xla-requirements.txt"))
    func onXLA() throws {
        let path = try #require(Self.plugins.first)
        let run = try run(["--device", "xla:cpu"], ["ABLATE_PJRT": path])
        #expect(run.code == 0, "\(run.errors)")
        let records = try FileManager.default.subpathsOfDirectory(atPath: folder.file("results"))
            .filter { $0.hasSuffix("/run.h5") }
        #expect(!records.isEmpty)
        for record in records {
            let facts = try ResultsFolder.verifiedRecord(folder.file("results/\(record)")).provenance.facts
            let file = (path as NSString).lastPathComponent
            #expect(facts.contains { $0.name == "plugin" && $0.value.hasPrefix(file + ", PJRT 0.") })
            #expect(facts.contains { $0.name == "device" && $0.value == "cpu" })
            #expect(!facts.contains { $0.name == "instructionSet" })
        }
        #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.file("ablate/xla")).isEmpty)
    }
}
