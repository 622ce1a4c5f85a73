import TestSupport
import Testing

@testable import Harness

@Suite("Work in processes")
struct ProcessLauncherTests {
    private let folder = TemporaryFolder()

    /// How work ends with a worker of the shell's.
    private func ending(of executable: String, _ script: String) async throws -> Ending {
        let results = ResultsFolder(folder.path)
        let work = Plan(try Study(yaml: TinyStudy.planar, file: "study.yaml"), results: results).items[0].work
        return await ProcessLauncher(executable: executable, arguments: ["-c", script])
            .launch(work, in: results) { _ in }
    }

    @Test("A worker that ends without a report is that work's failure, with its code")
    func silent() async throws {
        #expect(try await ending(of: "/bin/sh", "read line; exit 3") == .failed("the worker ended with 3"))
    }

    @Test("So is one that closes its input before it has read its order, or cannot be begun; this process goes on")
    func hasty() async throws {
        // Time enough for the order to find nobody who reads it.
        let deaf = try await ending(of: "/bin/sh", "exec 0<&-; sleep 0.2; exit 3")
        let absent = try await ending(of: folder.file("absent"), "")
        for ending in [deaf, absent] {
            guard case .failed = ending else {
                Issue.record("\(ending) without a report")
                return
            }
        }
    }
}
