import Foundation
import TestSupport
import Testing

@Suite("Results that cannot be written are told with exit 74")
struct LostOutputTests {
    let folder = TemporaryFolder()

    /// Runs a line of the shell in which `ablate` is the program that is tested.
    private func shell(_ line: String) throws -> (code: Int32, errors: String) {
        let process = Process(), errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "ablate() { \"$ABLATE\" \"$@\"; }\n\(line)"]
        process.environment = ProcessInfo.processInfo.environment.merging(["ABLATE": AblateProcess.executable]) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private static let full = "error: standard output: cannot write the results: No space left on device\n"

    @Test("Every verb that prints ends with 74 and the reason on a full device")
    func fullDevice() throws {
        try folder.write(TinyStudy.planar + TinyStudy.claim, "tiny.yaml")
        try #require(try AblateProcess(["run", "tiny.yaml", "--seeds", "0"], in: folder.path).code == 0)
        let point = "results/tiny/objective=combined,seed=0", other = "results/tiny/objective=prediction,seed=0"
        for arguments in [
            "show results/tiny", "show results/tiny --format csv", "show results/tiny --claims", "plan tiny.yaml",
            "run tiny.yaml --seeds 0", "status results/tiny", "diff \(point) \(other)", "compare \(point) \(other)",
            "cache list", "cache verify", "models S/2", "why tiny.yaml", "gc", "convert results/tiny --to csv",
            "report results/tiny --no-figures", "--help", "--version", "help run",
        ] {
            let (code, errors) = try shell("ablate \(arguments) >/dev/full")
            #expect(code == 74 && errors.hasSuffix(Self.full), "\(arguments): \(code), \(errors)")
        }
    }

    @Test("A closed standard output is told, and no file takes its place")
    func closed() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        let (code, errors) = try shell("ablate run tiny.yaml --seeds 0 >&- <&-")
        #expect(code == 74)
        #expect(
            errors.hasSuffix("error: standard output: cannot write the results: Bad file descriptor\n"), "\(errors)")
        // What was done before is whole: the same command with an open stream has nothing left to do.
        let again = try AblateProcess(["run", "tiny.yaml", "--seeds", "0"], in: folder.path)
        #expect(again.code == 0 && again.errors.hasPrefix("3 of 3") || again.errors.contains("are done already"))
        #expect(try shell("ablate plan tiny.yaml >&- 2>&-").code == 74)
    }

    @Test("A reader that has gone is no fault: nothing is said")
    func readerGone() throws {
        for ignored in ["", "trap '' PIPE; "] {
            let (_, errors) = try shell("\(ignored)(sleep 0.3; ablate models) | true")
            #expect(errors == "", "\(errors)")
        }
    }
}
