import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Specification
@testable import Storage

@Suite("What was found whole")
struct ProductCacheTests {
    let folder = TemporaryFolder()
    private let identity = Identity(hashing: [1])
    private var product: String { folder.file("tiny/seed=0/run.h5") }

    init() throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("tiny/seed=0"), withIntermediateDirectories: true)
        try StudyManifest(study: "tiny", question: "", claims: [], points: []).write(to: folder.file("tiny"))
        try write("product", to: product)
        try write("journal", to: ResultsFolder.journal(ofProduct: product))
        // Behind the step of this machine's times of files, so that a write from now on shows.
        usleep(20_000)
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// An index by which files count as settled at once.
    private func index() -> ProductCache { ProductCache(of: folder.file("tiny"), step: 0) }

    /// Whether the product is read by an index, and found `status`.
    private func isRead(
        by index: inout ProductCache, as identity: Identity? = nil, finding status: StageStatus = .done
    ) -> Bool {
        var isRead = false
        let found = index.status(of: product, identity ?? self.identity) {
            isRead = true
            return status
        }
        #expect(found == status)
        return isRead
    }

    /// Whether an index from the disk reads the product again.
    private func isReadAgain() -> Bool {
        var index = index()
        return isRead(by: &index)
    }

    private func remember() {
        var index = index()
        _ = isRead(by: &index)
        index.keep()
    }

    @Test("is not read again while nothing is touched")
    func kept() {
        var first = index()
        #expect(isRead(by: &first))
        #expect(!isRead(by: &first))
        first.keep()
        #expect(!isReadAgain())
        var other = index()
        #expect(isRead(by: &other, as: Identity(hashing: [2])), "of another identity")
    }

    @Test("is read again after a write of as many bytes, with the old time of modification put back")
    func touched() throws {
        let time = try #require(FileManager.default.attributesOfItem(atPath: product)[.modificationDate] as? Date)
        remember()
        try write("pr0duct", to: product)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: product)
        #expect(isReadAgain())
    }

    @Test("is read again after a write of its journal, a replacement, and the same bytes in another file")
    func replaced() throws {
        remember()
        try write("j0urnal", to: ResultsFolder.journal(ofProduct: product))
        #expect(isReadAgain())
        usleep(20_000)
        remember()
        #expect(!isReadAgain())
        try AtomicFile.write(Data("product".utf8), to: product)
        #expect(isReadAgain())
    }

    @Test("is read again where it was too new to tell a second write, and where it was not done")
    func doubtful() {
        var young = ProductCache(of: folder.file("tiny"))
        #expect(isRead(by: &young))
        #expect(isRead(by: &young))
        var failed = index()
        #expect(isRead(by: &failed, finding: .pending))
        #expect(isRead(by: &failed, finding: .pending))
    }

    @Test("is read again where the index has one wrong bit, or is cut off anywhere")
    func damagedIndex() throws {
        remember()
        let path = index().path, whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(isReadAgain())
            try whole.prefix(place).write(to: URL(fileURLWithPath: path))
            #expect(isReadAgain())
        }
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(!isReadAgain())
    }

    @Test("a record that was not touched is read from its summary, its samples from its file when they are asked for")
    func summaries() throws {
        let record = try SampleRecord.make([SampleRecord.coordinate("seed", "0")])
        try record.write(to: product)
        usleep(20_000)
        var first = index(), reads = 0
        func read() throws -> Record {
            reads += 1
            return try Record.read(product)
        }
        #expect(try first.record(product, reading: read).content == record.content && reads == 1)
        first.keep()
        var second = index()
        let known = try second.record(product, reading: read)
        #expect(reads == 1 && known.content == record.content && known.provenance == record.provenance)
        #expect(isRead(by: &second, as: record.identity), "that it can be read is not that all is there")
        try write("other", to: product)
        #expect(throws: (any Error).self) { try second.record(product, reading: read) }
        #expect(reads == 2)
    }

    @Test("a summary with one wrong bit is none")
    func damagedSummary() throws {
        let record = try SampleRecord.make([SampleRecord.coordinate("seed", "0")])
        try record.write(to: product)
        usleep(20_000)
        var first = index()
        _ = first.record(product) { record }
        first.keep()
        let path = first.path
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - 100] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        var second = index(), isRead = false
        _ = second.record(product) {
            isRead = true
            return record
        }
        #expect(isRead)
    }

    @Test("nothing is kept in a folder that this program has not made")
    func foreign() throws {
        try FileManager.default.removeItem(atPath: folder.file("tiny/study.json"))
        remember()
        #expect(!FileManager.default.fileExists(atPath: index().path))
    }
}
