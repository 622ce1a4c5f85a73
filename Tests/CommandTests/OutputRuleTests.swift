import Foundation
import TestSupport
import Testing

@Suite("Nothing is replaced or written elsewhere than where the user says")
struct OutputRuleTests {
    let folder = TemporaryFolder()

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private func run() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        try #require(try ablate("run", "tiny.yaml", "--seeds", "0").code == 0)
    }

    private func isDevice(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
    }

    @Test("A device is written into, and stays a device")
    func device() throws {
        try run()
        for arguments in [
            ["convert", "results/tiny", "--to", "csv", "--output", "/dev/null"],
            ["convert", "results/tiny", "--to", "xarray", "--output", "/dev/null"],
            ["report", "results/tiny", "--no-figures", "--page", "/dev/null", "--markdown", "/dev/null"],
        ] {
            let process = try AblateProcess(arguments, in: folder.path)
            #expect(process.code == 0 && process.errors == "", "\(process.errors)")
            #expect(isDevice("/dev/null"))
        }
    }

    @Test("A file that is there is replaced only with --overwrite, by every verb alike")
    func existing() throws {
        try run()
        let point = "results/tiny/objective=combined,seed=0"
        try folder.write("mine", "mine")
        for arguments in [
            ["convert", "results/tiny", "--to", "csv", "--output", "mine"],
            ["convert", "results/tiny", "--to", "xarray", "--output", "mine"],
            ["report", "results/tiny", "--no-figures", "--page", "mine"],
            ["report", "results/tiny", "--no-figures", "--markdown", "mine"], ["export", point, "--to", "mine"],
        ] {
            let refused = try AblateProcess(arguments, in: folder.path)
            #expect(refused.code == 74 && refused.output == "", "\(arguments)")
            #expect(refused.errors.hasSuffix(": File exists; --overwrite replaces it\n"), "\(refused.errors)")
            #expect(try String(contentsOfFile: folder.file("mine"), encoding: .utf8) == "mine")
        }
        #expect(try ablate("convert", "results/tiny", "--to", "csv", "--output", "mine", "--overwrite").code == 0)
        #expect(try String(contentsOfFile: folder.file("mine"), encoding: .utf8).hasPrefix("study,run,"))
        // Its own names in the study's folder give way each time.
        for _ in 0..<2 { #expect(try ablate("convert", "results/tiny", "--to", "csv").code == 0) }
    }

    @Test("An empty path is wrong usage, and writes nothing into the root of the file system")
    func empty() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        for (arguments, place) in [
            (["run", "tiny.yaml", "--results", ""], "--results"), (["run", "tiny.yaml", "--results="], "--results"),
            (["plan", ""], "argument 2"), (["gc", ""], "argument 2"), (["report", "a", "--page", ""], "--page"),
        ] {
            let process = try AblateProcess(arguments, in: folder.path)
            #expect(process.code == 64 && process.output == "")
            #expect(
                process.errors.hasPrefix("Error: \(place) is empty: a variable that is not set?\n"), "\(process.errors)"
            )
        }
        #expect(folder.names() == ["tiny.yaml"])
        #expect(!FileManager.default.fileExists(atPath: "/tiny/study.json"))
    }

    @Test("A log or a lock that is a link is not followed")
    func links() throws {
        try folder.write("mine", "mine")
        try run()
        let point = "results/tiny/objective=combined,seed=1"
        try FileManager.default.createDirectory(atPath: folder.file(point), withIntermediateDirectories: true)
        symlink(folder.file("mine"), folder.file("\(point)/log.txt"))
        #expect(try ablate("run", "tiny.yaml").code == 0)
        #expect(try String(contentsOfFile: folder.file("mine"), encoding: .utf8) == "mine")
    }

    @Test("Two reports of one study at once do not disturb each other")
    func together() throws {
        try run()
        let reports = try (0..<2).map { _ in try RunningAblate(["report", "results/tiny"], in: folder.path) }
        for report in reports.map({ $0.finish() }) where !report.errors.contains("gnuplot-nox") {
            #expect(report.code == 0, "\(report.errors)")
        }
        #expect(try folder.files().keys.filter { $0.hasSuffix(".tmp") } == [])
    }
}
