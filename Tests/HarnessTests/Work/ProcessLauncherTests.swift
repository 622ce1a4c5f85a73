import Foundation
import TestSupport
import Testing

@testable import Harness

@Suite("Work in processes")
struct ProcessLauncherTests {
    private let folder = TemporaryFolder()
    private var log: String { folder.file("log") }

    /// Writes to the log that it began, and whether it was given an order, which it says is done.
    private func launcher(saying ending: Ending) throws -> ProcessLauncher {
        let report = String(decoding: try JSONEncoder().encode(WorkReport.ended(ending)), as: UTF8.self)
        let script = """
            echo begun >> '\(log)'
            if read line; then echo ordered >> '\(log)'; echo '\(report)'; else echo unwanted >> '\(log)'; fi
            """
        return ProcessLauncher(executable: "/bin/sh", arguments: ["-c", script])
    }

    private func lines(_ word: String) -> Int {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { $0 == word }.count
    }

    /// Within ten seconds.
    private func becomes(_ condition: () -> Bool) async throws -> Bool {
        for _ in 0..<1000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
        return condition()
    }

    private func work() throws -> [Work] {
        Plan(try Study(yaml: TinyStudy.planar, file: "study.yaml"), results: ResultsFolder(folder.path)).items.map(
            \.work)
    }

    @Test("The next worker waits while one is at work, and ends with its launcher")
    func reserve() async throws {
        var launcher: ProcessLauncher? = try launcher(saying: .done)
        for work in try work().prefix(2) {
            #expect(await launcher?.launch(work, in: ResultsFolder(folder.path)) { _ in } == .done)
        }
        #expect(try await becomes { lines("begun") == 3 })
        #expect(lines("ordered") == 2 && lines("unwanted") == 0)
        launcher = nil
        #expect(try await becomes { lines("unwanted") == 1 })
        #expect(lines("begun") == 3)
    }

    @Test("A worker that ends before its order, or cannot be begun, is that work's failure alone")
    func lost() async throws {
        let work = try work()[0], results = ResultsFolder(folder.path)
        let brief = ProcessLauncher(executable: "/bin/sh", arguments: ["-c", "echo begun >> '\(log)'; exit 3"])
        for _ in 0..<2 {
            guard case .failed(let cause) = await brief.launch(work, in: results, report: { _ in }) else {
                Issue.record("an end without a report is no success")
                return
            }
            #expect(cause.hasPrefix("the worker ended with 3") || cause.contains("write"), "\(cause)")
        }
        let absent = ProcessLauncher(executable: folder.file("absent"), arguments: [])
        guard case .failed = await absent.launch(work, in: results, report: { _ in }) else {
            Issue.record("a program that is not there did work")
            return
        }
    }
}
