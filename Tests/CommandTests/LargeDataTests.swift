import Foundation
import TestSupport
import Testing

@testable import Storage

private let runsSlowTests = ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] != nil

@Suite("Data as people have them") struct LargeDataTests {
    let folder = TemporaryFolder()

    /// Runs `ablate` under a limit on its own memory, in KiB; files that are mapped do not count.
    private func ablate(_ arguments: String, limit: Int) throws -> (code: Int32, output: String) {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "ulimit -d \(limit); exec \"$0\" \(arguments)", AblateProcess.executable]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test("A tree of JPEGs of mixed sizes, class by class, goes from the folder to the grid")
    func tree() throws {
        for index in 0..<12 {
            let width = 9 + index % 5, height = 8 + index % 3
            let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * (index + 3)) }
            let picture = PNGImage(width: width, height: height, color: .rgb, pixels: pixels)
            try folder.write(
                picture.encodedJPEG(quality: 90), to: "train/n0\(index % 3)/images/\(index).JPEG")
        }
        try folder.write(
            TinyStudy.planar.changing(
                "{planar: {set: eightGaussians, count: 200}}", to: "{images: {folder: train, size: 8}}"), "tree.yaml")
        let settings = ["--set", "study=tiny", "--set", "axes.seed=[0]", "--set", "axes.objective={only: {}}"]
        let run = try AblateProcess(["run", "tree.yaml"] + settings, in: folder.path)
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.errors.contains("data images: 12 samples of 3×8×8, from "))
        #expect(folder.contains("results/tiny/objective=only,seed=0/grid.png"))
        // Decoded once, for all stages and commands.
        let cache = try AblateProcess(["cache", "list"], in: folder.path)
        #expect(cache.output.contains("data"), "\(cache.output)")
        let verify = try AblateProcess(["cache", "verify"], in: folder.path)
        #expect(verify.code == 0, "\(verify.output)")
    }

    @Test(
        "A million pictures are planned in 1 GiB",
        .enabled(if: runsSlowTests, "make test-all runs it"))
    func million() throws {
        let picture = PNGImage(width: 1, height: 1, color: .grey, pixels: [7])
        try folder.write(picture.encoded(), to: "one.png")
        let target = folder.file("one.png")
        for part in 0..<100 {
            let own = folder.file("pictures/class\(part)")
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
            for index in 0..<10_000 { try #require(symlink(target, "\(own)/\(index).png") == 0) }
        }
        try folder.write(
            TinyStudy.planar.changing(
                "{planar: {set: eightGaussians, count: 200}}", to: "{images: {folder: pictures}}"), "tiny.yaml")
        let start = Date()
        let (code, output) = try ablate("plan tiny.yaml", limit: 1 << 20)
        #expect(code == 0 && output.contains("tiny: 4 runs") && output.contains("1000000 files in"), "\(output)")
        #expect(output.contains("not hashed yet"))
        print("a million pictures are planned in \(Date().timeIntervalSince(start)) s")
    }

    @Test(
        "Data of 4 GiB are trained on under a limit of 1 GiB",
        .enabled(if: runsSlowTests, "make test-all runs it"))
    func stream() throws {
        let count = 262_144
        let head = ArrayFiles.npy("<f4", [count, 4, 32, 32], [])
        try folder.write(head, to: "latents.npy")
        try #require(truncate(folder.file("latents.npy"), Int(off_t(head.count + count * 4096 * 4))) == 0)
        try folder.write(
            TinyStudy.planar.changing(
                "{planar: {set: eightGaussians, count: 200}}", to: "{arrays: {file: latents.npy, layout: nchw}}"),
            "tiny.yaml")
        let (code, output) = try ablate(
            "run tiny.yaml --set 'axes.seed=[0]' --set 'axes.objective={only: {}}' -j 1", limit: 1 << 20)
        #expect(code == 0, "\(output)")
    }
}
