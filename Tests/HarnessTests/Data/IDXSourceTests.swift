import FlowMaps
import TestSupport
import Testing

@testable import Study

@Suite("Images in IDX files")
struct IDXSourceTests {
    let folder = TemporaryFolder()

    private func source(
        _ images: [UInt8], _ labels: [UInt8]? = nil, classes: Int? = nil
    ) throws -> DatasetSource {
        let images = DataPath(try folder.write(images, to: "images"))
        let labels = try labels.map { DataPath(try folder.write($0, to: "labels")) }
        return DatasetSource(IDXFormat(images: images, labels: labels, classes: classes))
    }

    private func refusal(_ images: [UInt8], _ labels: [UInt8]? = nil, classes: Int? = nil) throws -> String {
        let source = try source(images, labels, classes: classes)
        return errorText { try source.inspected() }.replacing(folder.path + "/", with: "")
    }

    @Test("are read plain and from gzip, in [-1, 1], with their labels")
    func read() throws {
        let (images, labels) = DataFiles.images(5, classes: 3)
        for isCompressed in [false, true] {
            let source = try source(
                isCompressed ? DataFiles.gzip(images) : images, isCompressed ? DataFiles.gzip(labels) : labels)
            let data = try source.load()
            #expect(data.samples == (0..<30).map { Float($0) / 127.5 - 1 })
            #expect(data.labels == [0, 1, 2, 0, 1])
            #expect(data.classCount == 3)
            #expect(data.imageShape == ImageShape(channels: 1, height: 2, width: 3))
            #expect(data.valueRange == -1...1)
            let content = try #require(try source.inspected().content)
            #expect(content.count == 5 && content.classes == 3 && content.image == data.imageShape)
        }
        let ends = try source(DataFiles.idx([0, 255], shape: [2, 1, 1])).load()
        #expect(ends.samples == [-1, 1] && ends.labels == nil && ends.classCount == 0)
        #expect(try source(images, labels, classes: 7).load().classCount == 7)
    }

    @Test("of several gzip members are one file")
    func members() throws {
        let bytes = DataFiles.idx([1, 2, 3, 4], shape: [4, 1, 1])
        let parts = DataFiles.gzip(Array(bytes[..<7])) + DataFiles.gzip(Array(bytes[7...]))
        #expect(try source(parts).load().count == 4)
    }

    private static let images = "images [count, height, width], or of four axes as layout says, in IDX, plain or gzip"
    private static let wanted = "an IDX file starts with 0 0, a type of 8, 9, 11, 12, 13 or 14, and 1 to 4, its axes"

    @Test("that are damaged, or are something else, are refused")
    func refused() throws {
        let (images, labels) = DataFiles.images(5, classes: 3)
        #expect(
            try refusal(images.dropLast())
                == "images: found truncated: 45 bytes, where the header asks for 46, allowed: \(Self.images)")
        #expect(
            try refusal([0, 0, 7] + images.dropFirst(3))
                == "images: found a file that starts with bytes 0 0 7 3; \(Self.wanted), allowed: \(Self.images)")
        #expect(try refusal(labels) == "images: found an array [5], allowed: \(Self.images)")
        #expect(
            try refusal(DataFiles.idx([], shape: [0, 2, 3]))
                == "images: found images [0, 2, 3], allowed: at least one image of at least one pixel")
        let missing = folder.file("absent")
        let source = DatasetSource(IDXFormat(images: DataPath(missing)))
        #expect(
            errorText { try source.load() }
                == "\(missing): found no readable file (No such file or directory), allowed: a file")
        let place = DatasetSource(IDXFormat(images: DataPath(folder.path)))
        #expect(
            errorText { try place.load() }
                == "\(folder.path): found no readable file (Is a directory), allowed: a file")
    }

    @Test("in gzip that is truncated or damaged are refused")
    func gzip() throws {
        let bytes = DataFiles.gzip(DataFiles.images(5, classes: 3).images)
        let allowed = "allowed: a whole gzip file"
        for count in [2, 12, 40, bytes.count - 1] {
            #expect(
                try refusal(Array(bytes[..<count]))
                    == "images: found a truncated gzip file of \(count) bytes, \(allowed)")
        }
        #expect(
            try refusal(bytes + [1, 2, 3])
                == "images: found a damaged gzip file (3 bytes after the end), \(allowed)")
        var flipped = bytes
        flipped[40] ^= 1
        #expect(try refusal(flipped) == "images: found a damaged gzip file (incorrect data check), \(allowed)")
    }

    @Test("with labels of another count, or outside their classes, are refused")
    func labels() throws {
        let (images, labels) = DataFiles.images(5, classes: 3)
        #expect(
            try refusal(images, DataFiles.images(4, classes: 3).labels)
                == "labels: found 4 labels, allowed: 5, one for each image")
        #expect(
            try refusal(images, labels, classes: 2) == "labels: found label 2 of sample 2, allowed: from 0 to 1")
        #expect(
            try refusal(images, images)
                == "labels: found an array [5, 2, 3], allowed: labels [count] in IDX, plain or gzip")
    }

    @Test("of other numbers than bytes are taken as they are, and of four axes as their layout says")
    func types() throws {
        let floats: [UInt8] = [0, 0, 13, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0x40, 0x20, 0, 0, 0xc0, 0, 0, 0]
        let data = try source(floats).load()
        #expect(data.samples == [2.5, -2] && data.valueRange == nil)
        let shorts: [UInt8] = [0, 0, 11, 1, 0, 0, 0, 1, 0, 3]
        #expect(try source(floats, shorts).load().labels == [3])
        let four = DataFiles.idx((0..<6).map { UInt8(51 * $0) }, shape: [1, 2, 1, 3])
        #expect(try refusal(four).hasPrefix("images: found an array [1, 2, 1, 3], whose layout is not said"))
        let path = DataPath(folder.file("images"))
        let last = DatasetSource(IDXFormat(images: path, layout: .nhwc))
        #expect(try last.load().imageShape == ImageShape(channels: 3, height: 2, width: 1))
        #expect(try last.load().samples.map { (($0 + 1) * 127.5).rounded() } == [0, 153, 51, 204, 102, 255])
    }
}
