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
        process.arguments = [
            "--kills", "4", "--corruptions", "3", "--fillings", "0", "--mutants", "20", "--edges", "10", "--crafted",
            "6",
            "--streams", "3", "--limits", "2",
        ]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        let lines = said.split(separator: "\n").map(String.init)
        #expect(
            lines.dropLast() == [
                "full and closed streams: 6 faults, 0 lost, 0 crashed, 0 hung",
                "low limits: 2 faults, 0 lost, 0 crashed, 0 hung",
                "crafted records: 6 faults, 0 lost, 0 crashed, 0 hung",
                "numbers at the edges: 10 faults, 0 lost, 0 crashed, 0 hung",
                "mutated studies: 20 faults, 0 lost, 0 crashed, 0 hung",
                "full disks: 0 faults, 0 lost, 0 crashed, 0 hung",
                "kills: 4 faults, 0 lost, 0 crashed, 0 hung", "corruptions: 3 faults, 0 lost, 0 crashed, 0 hung",
            ], "\(said)")
        #expect(lines.last?.hasPrefix("all: 51 faults, 0 lost, 0 crashed, 0 hung; ") == true, "\(said)")
    }
}
