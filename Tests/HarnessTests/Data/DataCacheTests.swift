import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Storage
@testable import Study

@Suite("What was found in data files is kept") struct DataCacheTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }
    private var source: DatasetSource { DatasetSource(ImageFolderFormat(folder: DataPath(folder.file("pictures")))) }

    private func write(_ pixels: [UInt8], _ name: String) throws {
        try folder.write(PNGImage(width: 2, height: 1, color: .grey, pixels: pixels).encoded(), to: "pictures/\(name)")
    }

    private func cache(isWriting: Bool = true, mostUnread: Int = 10_000) -> DataCache {
        DataCache("\(results.cache)/data", isWriting: isWriting, mostUnread: mostUnread, step: 0)
    }

    private func kept(_ suffix: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cache().folder)) ?? []
        return names.filter { $0.hasSuffix(suffix) }.map { "\(cache().folder)/\($0)" }
    }

    @Test("pictures are decoded once, and files of the same inode, size and times are not read again")
    func pictures() throws {
        try write([0, 255], "b/1.png")
        try write([51, 102], "a/1.png")
        let (found, summary) = try cache().surveyed(source)
        #expect(try found == source.inspected())
        #expect(kept(".npz").count == 1 && kept(".json").count == 1)
        // What was kept is what is said, so the files are not read for it.
        let path = try #require(kept(".json").first)
        let known = try #require(DataInspection(path))
        let text = String(decoding: try JSONEncoder().encode(known.summary), as: UTF8.self)
        let other = try JSONDecoder().decode(
            DataSummary.self, from: Data(text.replacing("\"notes\":[]", with: "\"notes\":[\"kept\"]").utf8))
        try DataInspection(content: known.content, summary: other).write(to: path, in: cache().folder)
        let again = try cache(isWriting: false).surveyed(source)
        #expect(again.source == found && again.summary.description == summary.description + "; kept")
        let data = try again.source.load(decodedIn: cache().folder)
        #expect(data.samples == (try source.load().samples) && data.labels == [0, 1])
        // A change of a file is another inspection.
        try write([0, 254], "b/1.png")
        let changed = try cache().surveyed(source).source
        #expect(changed != found && kept(".json").count == 2)
        #expect(errorText { try cache().surveyed(found) }.contains("as stated for this data set before"))
    }

    @Test("arrays are hashed once; HDF5, which may point elsewhere, and damaged inspections are read again")
    func arrays() throws {
        try folder.write(ArrayFiles.npy("<f4", [2, 2], ArrayFiles.bytes([0, 0, 1, 1] as [Float])), to: "points.npy")
        let points = DatasetSource(ArrayFormat(file: DataPath(folder.file("points.npy"))))
        let found = try cache().surveyed(points).source
        let path = try #require(kept(".json").first)
        #expect(DataCache.fault(of: path) == nil)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(DataCache.fault(of: path) == "it is no inspection of this version")
        #expect(try cache().surveyed(points).source == found && kept(".json").count == 1)
        // One that reads well and says another number of samples is no better.
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacing("\"count\":2", with: "\"count\":3").utf8).write(to: URL(fileURLWithPath: path))
        #expect(DataCache.fault(of: path) != nil)
        #expect(try cache().surveyed(points).source == found)
        let latents = LatentFormat(file: DataPath(folder.file("none.h5")))
        #expect(try latents.signatures()?.count == nil)
    }

    @Test("a plan does not read a large folder, and says so; after a run it knows it")
    func plan() throws {
        for index in 0..<4 { try write([UInt8(index), 255], "\(index).png") }
        let unread = errorText { try cache(isWriting: false, mostUnread: 3).surveyed(source) }
        #expect(
            unread.replacing(folder.path + "/", with: "").hasPrefix("data images: 4 files in pictures (")
                && unread.hasSuffix("not hashed yet: ablate run reads them once, and plan then says what is done"))
        #expect(kept("").isEmpty)
        let found = try cache(mostUnread: 3).surveyed(source).source
        #expect(try cache(isWriting: false, mostUnread: 3).surveyed(source).source == found)
    }

    @Test("the cache lists, verifies and removes what was kept")
    func entries() throws {
        try write([0, 255], "1.png")
        _ = try cache().surveyed(source)
        let entries = results.cacheEntries()
        #expect(entries.map(\.stage) == ["data", "data"] && entries.filter { !$0.isIdle }.isEmpty)
        #expect(entries.compactMap { $0.fault(in: results) } == [])
        let pictures = try #require(kept(".npz").first)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: pictures))
        bytes[bytes.count / 3] ^= 0xff
        try bytes.write(to: URL(fileURLWithPath: pictures))
        #expect(results.cacheEntries().compactMap { $0.fault(in: results) } == ["its pictures cannot be read"])
        try results.remove(entries)
        #expect(results.cacheEntries().isEmpty)
    }
}
