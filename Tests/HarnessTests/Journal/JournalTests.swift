import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification

@Suite("A journal")
struct JournalTests {
    let folder = TemporaryFolder()
    private let identity = Identity(hashing: [1]), hash = Identity(hashing: [2])
    private var path: String { folder.file("run.journal") }

    private func writer(of identity: Identity? = nil) throws -> JournalWriter {
        try JournalWriter(path, of: identity ?? self.identity) { _, _ in }
    }

    private func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test("says how far the work is, entry by entry")
    func states() throws {
        #expect(try Journal.read(path) == nil)
        let writer = try writer()
        #expect(try Journal.read(path)?.identity == identity)
        try writer.attempt("first")
        try writer.save(Data([1, 2, 3]))
        #expect(try Journal.read(path)?.checkpoint == Data([1, 2, 3]))
        try writer.fail("no room")
        #expect(try Journal.read(path)?.state == .failed("no room"))
        try writer.attempt("second")
        #expect(try Journal.read(path)?.state == .open)
        try writer.save(Data())
        #expect(try Journal.read(path)?.checkpoint == Data())
        try writer.seal(hash)
        #expect(try Journal.read(path)?.state == .sealed(hash))
        #expect(try Journal.read(path)?.checkpoint == Data(), "until the product has its name")
        try writer.forgetCheckpoints(sealed: hash)
        #expect(try Journal.read(path)?.state == .sealed(hash))
        #expect(try Journal.read(path)?.checkpoint == nil)
    }

    @Test("is as long as two checkpoints and a little, however many are written")
    func compacted() throws {
        let writer = try writer(), count = 100_000
        for number in 0..<20 {
            try writer.save(Data(repeating: UInt8(number), count: count))
            #expect(try Journal.read(path)?.checkpoint == Data(repeating: UInt8(number), count: count))
            #expect(try bytes().count < 3 * count + 5000)
        }
    }

    @Test("that was cut off anywhere gives what was whole, and takes further entries")
    func torn() throws {
        let first = try writer()
        try first.save(Data("one".utf8))
        let one = try bytes().count
        try first.save(Data("two".utf8))
        let whole = try bytes()
        for length in one..<whole.count {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            let journal = try #require(try Journal.read(path))
            #expect(journal.checkpoint == Data("one".utf8) && journal.remainder == (length == one ? .none : .torn))
            let second = try writer()
            #expect(second.found?.checkpoint == Data("one".utf8))
            try second.save(Data("three".utf8))
            #expect(try Journal.read(path)?.checkpoint == Data("three".utf8))
        }
        #expect(folder.names() == ["run.journal"], "what a killed writer leaves is no damage")
    }

    @Test("with a flipped bit anywhere never gives what was not written")
    func flipped() throws {
        let first = try writer()
        try first.save(Data("one".utf8))
        try first.save(Data("two".utf8))
        let whole = try bytes()
        for place in whole.indices {
            var damaged = whole
            damaged[place] ^= 1 << UInt8(place % 8)
            let journal = Journal(damaged)
            #expect(journal.remainder != .none)
            #expect(journal.identity == nil || journal.identity == identity)
            let found = journal.checkpoint.map { String(decoding: $0, as: UTF8.self) }
            #expect(found == nil || found == "one")
        }
    }

    @Test("that is damaged is set aside, and what stands before the damage is kept")
    func damaged() throws {
        let first = try writer()
        try first.save(Data("one".utf8))
        let one = try bytes().count
        try first.save(Data("two".utf8))
        var bytes = try bytes()
        bytes[one + 10] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        var moved: [String] = []
        let second = try JournalWriter(path, of: identity) { moved = [$0, $1] }
        #expect(moved == [path, folder.file("run.aside-1.journal")])
        #expect(try Data(contentsOf: URL(fileURLWithPath: moved[1])) == bytes)
        #expect(second.found?.checkpoint == Data("one".utf8))
        #expect(try Journal.read(path)?.checkpoint == Data("one".utf8))
    }

    @Test("of other work is set aside")
    func other() throws {
        try writer().save(Data("one".utf8))
        let other = try writer(of: Identity(hashing: [3]))
        #expect(other.found == nil)
        #expect(try Journal.read(path)?.identity == Identity(hashing: [3]))
        #expect(try Journal.read(folder.file("run.aside-1.journal"))?.checkpoint == Data("one".utf8))
    }
}

@Suite("A lock")
struct WorkLockTests {
    let folder = TemporaryFolder()
    private struct Impatient: Error {}

    @Test("is held by one, and free when that one is gone")
    func exclusive() throws {
        let path = folder.file("locks/a.lock")
        #expect(StageLock.holder(path).isHeld == false)
        do {
            let lock = try StageLock.acquire(path) { _ in }
            #expect(StageLock.holder(path).isHeld)
            #expect(throws: Impatient.self) { _ = try StageLock.acquire(path) { _ in throw Impatient() } }
            withExtendedLifetime(lock) {}
        }
        #expect(StageLock.holder(path).isHeld == false)
        _ = try StageLock.acquire(path) { _ in throw Impatient() }
    }

    @Test("tells who has it")
    func owner() throws {
        let path = folder.file("a.lock")
        let lock = try StageLock.acquire(path) { _ in }
        #expect(StageLock.holder(path).isHeld && StageLock.holder(path).said == nil)
        let owner = StageLock.Owner(
            process: 12, host: "here", product: "a/run.h5", began: Date(timeIntervalSince1970: 1), first: 1, step: 2,
            steps: 3, detail: "loss 1", lastReport: Date(timeIntervalSince1970: 2))
        lock.publish(owner)
        #expect(StageLock.holder(path).said == owner)
        withExtendedLifetime(lock) {}
    }
}

@Suite("A checkpoint")
struct TrainingCheckpointTests {
    @Test("comes back with every bit, also of what is not finite")
    func roundTrip() throws {
        var training = Curves(names: ["loss", "norm"])
        training.append(step: 3, [0.1, -0.0])
        training.append(step: 6, [.infinity, .leastNonzeroMagnitude])
        let spent = TrainingCheckpoint.Spent(
            started: Date(timeIntervalSinceReferenceDate: 0.1), trainingSeconds: 0.1, wallSeconds: 1 / 3,
            interruptions: 2)
        let checkpoint = TrainingCheckpoint(
            trainer: TrainerSnapshot(step: 6, tensors: [[1, 0.1], [], [-0.0]], measured: [.greatestFiniteMagnitude]),
            course: .init(training: training, evaluation: Curves(), samples: [1, 2, 3]), spent: spent)
        let back = try TrainingCheckpoint(encoded: checkpoint.encoded())
        #expect(back == checkpoint)
        #expect(back.trainer.tensors[2][0].sign == .minus && back.course.training.columns[1][0].sign == .minus)
    }

    @Test("that is no checkpoint is an error, not a crash")
    func nonsense() {
        #expect(throws: (any Error).self) { try TrainingCheckpoint(encoded: Data("nonsense".utf8)) }
    }
}
