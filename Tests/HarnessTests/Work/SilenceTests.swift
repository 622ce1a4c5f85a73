import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("A process that is stopped is noticed")
struct SilenceTests {
    @Test("nothing is done before the time is over; then it is done once")
    func watch() async throws {
        let acts = Mutex(0)
        let patient = SilenceWatch(seconds: 3600) { acts.withLock { $0 += 1 } }
        defer { patient.end() }
        patient.heard()
        let watch = SilenceWatch(seconds: 0.05) { acts.withLock { $0 += 1 } }
        let deadline = ContinuousClock.now + .seconds(60)
        while acts.withLock({ $0 }) == 0, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        try await Task.sleep(for: .milliseconds(200))
        let count = acts.withLock { $0 }
        #expect(count == 1 && watch.isOver && !patient.isOver)
    }

    @Test("a watch of no seconds, and one that has ended, never act")
    func none() async throws {
        let watches = [
            SilenceWatch(seconds: 0) { Issue.record("acted") }, SilenceWatch(seconds: 3600) { Issue.record("acted") },
        ]
        watches[1].end()
        try await Task.sleep(for: .milliseconds(400))
        #expect(watches.allSatisfy { !$0.isOver })
    }

    @Test("a lock gives signs of life while it is held, and tells when it gave the last")
    func pulse() throws {
        let folder = TemporaryFolder(), path = folder.file("a.lock")
        let lock = try StageLock.acquire(path) { _ in }
        guard case .owner(nil, let lastSign) = StageLock.holder(path) else {
            Issue.record("\(StageLock.holder(path))")
            return
        }
        #expect(!StageList.isSilent(since: lastSign, at: Date()))
        #expect(StageList.isSilent(since: lastSign, at: Date() + 60))
        withExtendedLifetime(lock) {}
    }

    @Test("two processes without working locks leave one whole record, which a rename decides")
    func withoutLocks() throws {
        let folder = TemporaryFolder(), path = folder.file("run.h5")
        let record = try SampleRecord.make([SampleRecord.coordinate("seed", "0")])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do { try record.write(to: path) } catch { Issue.record("\(error)") }
        }
        #expect(try Record.read(path).content == record.content)
        #expect(folder.names() == ["run.h5"])
    }
}
