import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Storage

@Suite("ablate run where nothing is left to do")
struct NothingLeftTests {
    let folder = TemporaryFolder()

    init() throws { try folder.write(TinyStudy.planar, "tiny.yaml") }

    private func run() throws -> AblateProcess { try AblateProcess(["run", "tiny.yaml"], in: folder.path) }

    private func inode(_ name: String) throws -> UInt64 { try #require(FileSignature(folder.file(name))).inode }

    @Test("draws the same conclusion without reading the records, and finds one that was damaged all the same")
    func settled() throws {
        let first = try run()
        let before = try Record.read(folder.file("results/tiny/objective=combined,seed=1/run.h5"))
        // Until the records are old enough for a look at them to tell whether they were touched.
        Thread.sleep(forTimeInterval: 2.1)
        #expect(try run().output == first.output)
        let table = try inode("results/tiny/table.csv"), index = try inode("results/tiny/summaries")
        #expect(try run().output == first.output)
        #expect(try inode("results/tiny/table.csv") == table, "nothing was written again")
        #expect(try inode("results/tiny/summaries") == index)

        let path = folder.file("results/tiny/objective=combined,seed=1/run.h5")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let mended = try run()
        #expect(mended.code == 0 && mended.errors.contains("is damaged or not what this study makes there"))
        #expect(try Record.read(path).content == before.content)

        try FileManager.default.removeItem(atPath: folder.file("results/tiny/table.md"))
        #expect(try run().code == 0)
        #expect(folder.contains("results/tiny/table.md"), "what was removed is written again")
    }
}

@Suite("ablate run --profile")
struct ProfileCommandTests {
    let folder = TemporaryFolder()

    init() throws { try folder.write(TinyStudy.planar, "tiny.yaml") }

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    @Test("shows and keeps where the time of each training goes, and leaves the records as they are without")
    func profile() throws {
        _ = try ablate("run", "tiny.yaml", "--results", "plain")
        let run = try ablate("run", "tiny.yaml", "--results", "profiled", "--profile", "--jobs", "1")
        #expect(run.code == 0)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("training") == true && lines.first?.contains("GFLOP/s") == true)
        for point in ["teacher ", "training of objective=prediction,seed=0 ", "training of objective=combined,seed=1 "]
        {
            #expect(lines.contains { $0.hasPrefix(point) && $0.contains("matmul") }, "\(point)")
        }
        for point in ["prediction,seed=0", "combined,seed=1"] {
            let name = "tiny/objective=\(point)"
            let comparison = RecordDiff(
                try Record.read(folder.file("plain/\(name)/run.h5")),
                try Record.read(folder.file("profiled/\(name)/run.h5")))
            #expect(comparison.isBitwiseSame)
        }
        let profiles = try folder.files().filter {
            $0.key.hasPrefix("profiled/cache/training/") && $0.key.hasSuffix(".profile.txt")
        }
        #expect(profiles.count == 4)
        for path in profiles.keys {
            let kept = try String(contentsOfFile: folder.file(path), encoding: .utf8)
            #expect(kept.hasPrefix("primitive") && kept.contains("\ninstruction"))
        }
        let again = try ablate("run", "tiny.yaml", "--results", "profiled", "--profile")
        #expect(again.code == 0 && again.errors.contains("--profile: nothing was left to train\n"))
    }
}
