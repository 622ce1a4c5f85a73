import Foundation
import TestSupport
import Testing

/// The Python of `Documentation/reading-results.md`, run block after block as a reader would.
@Suite("The page about reading results")
struct ReadingResultsPageTests {
    private static func run(_ command: String, in folder: String) -> (output: String, code: Int32) {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = pipe
        process.standardError = pipe
        do { try process.run() } catch { return ("\(error)", -1) }
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (output, process.terminationStatus)
    }

    private static let hasAll =
        run("python3 -c 'import h5netcdf, h5py, matplotlib, pandas, xarray'", in: "/").code == 0

    @Test(
        "has code that runs from a folder of results to a figure",
        .enabled(if: hasAll, "no pandas, xarray or matplotlib"))
    func blocks() throws {
        let folder = TemporaryFolder()
        let study = TinyStudy.digits.changing("study: tiny", to: "study: mine")
        try study.write(toFile: folder.file("mine.yaml"), atomically: true, encoding: .utf8)
        let ran = try AblateProcess(["run", "mine.yaml", "--jobs", "1"], in: folder.path)
        try #require(ran.code == 0, "\(ran.errors)")
        let page = try String(contentsOfFile: Package.folder + "/Documentation/reading-results.md", encoding: .utf8)
        let blocks = page.components(separatedBy: "```python\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
        #expect(blocks.count == 6)
        try blocks.joined(separator: "\n").write(toFile: folder.file("page.py"), atomically: true, encoding: .utf8)
        let bin = URL(fileURLWithPath: AblateProcess.executable).deletingLastPathComponent().path
        let (output, code) = Self.run("PATH='\(bin)':$PATH python3 -W error::FutureWarning page.py", in: folder.path)
        #expect(code == 0, "\(output)")
        #expect(output.contains("combined") && output.contains("done ["))
        let size = try FileManager.default.attributesOfItem(atPath: folder.file("frechet.png"))[.size] as? Int
        #expect(size ?? 0 > 5000)
    }
}
