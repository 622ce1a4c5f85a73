import Foundation
import Testing

@Suite("Records survive a short torture")
struct TortureTests {
    /// The long form is `make torture`.
    @Test("a few kills and damaged files leave the same records")
    func short() throws {
        let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let process = Process(), output = Pipe()
        process.executableURL = products.appendingPathComponent("ablate-torture")
        process.arguments = ["--kills", "4", "--corruptions", "3", "--fillings", "0"]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said.hasPrefix("4 kills, 3 corruptions, no disk filled; "), "\(said)")
    }
}
