import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("Work in processes")
struct ProcessLauncherTests {
    private let folder = TemporaryFolder()

    /// How work ends with a worker of the shell's.
    private func stageResult(of executable: String, _ script: String) async throws -> StageResult {
        let results = ResultsFolder(folder.path)
        let stage = Plan(try Study(yaml: TinyStudy.planar, file: "study.yaml"), results: results).items[0].stage
        return await ProcessLauncher(executable: executable, arguments: ["-c", script])
            .launch(stage, in: results) { _ in }
    }

    @Test("A worker that ends without a report is that work's failure, with its code")
    func silent() async throws {
        #expect(try await stageResult(of: "/bin/sh", "read line; exit 3") == .failed("the worker ended with 3"))
    }

    @Test("So is one that has not read its order, cannot be begun or says more than can be kept; this process goes on")
    func hasty() async throws {
        // Time enough for the order to find nobody who reads it.
        let deaf = try await stageResult(of: "/bin/sh", "exec 0<&-; sleep 0.2; exit 3")
        let absent = try await stageResult(of: folder.file("absent"), "")
        let loud = try await stageResult(of: "/bin/sh", "read line; head -c 100000 /dev/zero >&2; exit 3")
        for stageResult in [deaf, absent, loud] {
            guard case .failed = stageResult else {
                Issue.record("\(stageResult) without a report")
                return
            }
        }
    }

    @Test("A host carries out one order after the other, also when a worker has died; when it is gone another follows")
    func hosts() async throws {
        let results = ResultsFolder(folder.path)
        let stage = Plan(try Study(yaml: TinyStudy.planar, file: "study.yaml"), results: results).items[0].stage
        // Tells its number and how many orders it has had; at the second the worker dies, at the third the host too, a bit later.
        let script = """
            n=0
            while read line; do
                n=$((n + 1))
                echo '{"ended":{"_0":{"failed":{"_0":"'$$ $n'"}}}}'
                [ $n = 2 ] && echo '{"over":{"_0":{"killed":{"signal":9}}}}' || echo '{"over":{"_0":{"exited":{"_0":0}}}}'
                [ $n = 3 ] && exit
            done
            """
        let launcher = ProcessLauncher(executable: "/bin/sh", arguments: ["-c", script])
        var told: [String] = []
        for _ in 1...4 {
            guard case .failed(let text) = await launcher.launch(stage, in: results, report: { _ in }) else { continue }
            told.append(text)
            usleep(100_000)
        }
        let numbers = told.map { $0.split(separator: " ") }
        try #require(told.count == 4)
        #expect(numbers[0].last == "1" && told[1] == "the worker was ended by signal 9" && numbers[2].last == "3")
        #expect(numbers[0].first == numbers[2].first, "one process")
        #expect(numbers[3].last == "1" && numbers[3].first != numbers[0].first, "another process")
    }
}
