import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Storage
@testable import Study

@Suite("Images in folders and in batches")
struct ImageFolderTests {
    let folder = TemporaryFolder()

    private func write(_ pixels: [UInt8], _ name: String, width: Int = 2, color: PNGImage.Color = .grey) throws {
        let height = pixels.count / width / color.channels
        let image = PNGImage(width: width, height: height, color: color, pixels: pixels)
        try folder.write(image.encoded(), to: name)
    }

    private var source: DatasetSource { DatasetSource(ImageFolderFormat(folder: DataPath(folder.path))) }

    private var refusal: String {
        errorText { try source.inspected() }.replacing(folder.path + "/", with: "").replacing(
            folder.path, with: "folder")
    }

    @Test("grey files are one set without classes, in the order of their names; hidden files do not count")
    func grey() throws {
        try write([255, 255], "b.png")
        try write([0, 255], "a.PNG")
        try folder.write([1], to: ".hidden")
        let data = try source.load()
        #expect(data.samples == [-1, 1, 1, 1])
        #expect(data.labels == nil && data.imageShape == ImageShape(channels: 1, height: 1, width: 2))
    }

    @Test("colours go channel by channel, and sub-folders are classes in the order of their names")
    func classes() throws {
        try write([0, 51, 102, 153, 204, 255], "tulip/1.png", color: .rgb)
        try write([255, 255, 255, 255, 255, 255], "rose/1.png", color: .rgb)
        try write([0, 0, 0, 0, 0, 0], "rose/0.png", color: .rgb)
        let data = try source.load()
        #expect(data.labels == [0, 0, 1] && data.classCount == 2)
        #expect(data.imageShape == ImageShape(channels: 3, height: 1, width: 2))
        let pixels = data.samples.suffix(6).map { (($0 + 1) * 127.5).rounded() }
        #expect(pixels == [0, 153, 51, 204, 102, 255])
        #expect(data.samples.prefix(6).allSatisfy { $0 == -1 })
    }

    @Test("a set knows its content: other names of folders above change nothing, other pixels do")
    func content() throws {
        try write([0, 255], "one/a.png")
        try write([0, 255], "two/a.png")
        func content(_ name: String) throws -> DataContent? {
            try DatasetSource(ImageFolderFormat(folder: DataPath(folder.file(name)))).inspected().content
        }
        #expect(try content("one") == content("two"))
        try write([0, 254], "two/a.png")
        #expect(try content("one") != content("two"))
    }

    @Test("what is no set of pictures of one size is refused")
    func refused() throws {
        let allowed = "allowed: a whole PNG or JPEG file of at most 134217728 pixels"
        #expect(refusal == "folder: found no PNG or JPEG file, allowed: at least one")
        try write([0, 255], "a.png")
        try write([0, 255, 0], "b.png", width: 3)
        #expect(
            refusal == "b.png: found 3 × 1 pixels, allowed: 2 × 1 as in a.png, or size: to crop and resample all")
        try folder.write(Array("no picture".utf8), to: "b.png")
        #expect(refusal == "b.png: found neither PNG nor JPEG by its first bytes, \(allowed)")
        try folder.write([], to: "b.png")
        #expect(refusal == "b.png: found an empty file, \(allowed)")
        try folder.write([1], to: "b.webp")
        #expect(
            refusal == "b.webp: found an image in another format, allowed: PNG or JPEG: mogrify -format png '*.webp'")
        try FileManager.default.removeItem(atPath: folder.file("b.webp"))
        try FileManager.default.removeItem(atPath: folder.file("b.png"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("b.png"), withDestinationPath: folder.file("nowhere"))
        #expect(refusal == "b.png: found no readable file (No such file or directory), allowed: a file")
        try FileManager.default.removeItem(atPath: folder.file("b.png"))
        try folder.write(
            PNGFiles.picture(width: 2, height: 1, depth: 8, color: 4, rows: [0, 1, 2, 3, 255]), to: "b.png")
        #expect(
            refusal == "b.png: found pixels that are not opaque, "
                + "allowed: opaque ones, or what lies behind them: background: white, black, or [red, green, blue]")
        let white = DatasetSource(ImageFolderFormat(folder: DataPath(folder.path), background: .white))
        #expect(try white.load().count == 2)
        #expect(try white.inspected().content != nil)
    }

    @Test("folders that are no classes are refused")
    func folders() throws {
        try write([0, 255], "rose/a.png")
        try write([0, 255], "a.png")
        #expect(
            refusal
                == "folder: found 'a.png' beside the folder 'rose', allowed: either images or a folder for each class")
        try FileManager.default.removeItem(atPath: folder.file("a.png"))
        try ResultsFolder.create(folder.file("tulip"))
        #expect(refusal == "tulip: found no PNG or JPEG file, allowed: the images of a class")
        let absent = DatasetSource(ImageFolderFormat(folder: DataPath(folder.file("absent"))))
        #expect(
            errorText { try absent.inspected() }
                == "\(folder.file("absent")): found no readable folder (No such file or directory), "
                + "allowed: a folder of PNG and JPEG files")
    }

    @Test("the first folder is the class, however deep its images lie; what is no image is counted and skipped")
    func nested() throws {
        try write([0, 255], "rose/train/red/1.png")
        try write([1, 255], "rose/2.png")
        try write([2, 255], "cât ü/1 é.PNG")
        try folder.write([1], to: "rose/Thumbs.db")
        try folder.write([1], to: "labels.csv")
        try ResultsFolder.create(folder.file("__MACOSX"))
        let (found, summary) = try source.surveyed()
        #expect(found.content?.classes == 2)
        let data = try source.load()
        #expect(data.labels == [0, 1, 1])
        #expect(data.samples.map { (($0 + 1) * 127.5).rounded() } == [2, 255, 1, 255, 0, 255])
        #expect(
            "\(summary)" == "data images: 3 samples of 1×1×2, from -1 to 1, 2 classes of 1 to 2; "
                + "2 files skipped that are no image (labels.csv, rose/Thumbs.db)")
    }

    @Test("a name that is not UTF-8 is refused with what mends it")
    func latin() throws {
        let path = Array((folder.path + "/").utf8) + [0xe9, 0x2e, 0x70, 0x6e, 0x67, 0]
        let descriptor = path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
            open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600)
        }
        try #require(descriptor >= 0)
        close(descriptor)
        #expect(refusal.contains("which is not UTF-8, allowed: names in UTF-8: convmv -f latin1 -t utf8"))
    }

    @Test("a tree of JPEGs of mixed sizes, grey ones among them, becomes squares of colour, the same each time")
    func mixed() throws {
        for (index, size) in [(40, 30), (33, 64), (16, 16), (50, 20)].enumerated() {
            let color: PNGImage.Color = index == 1 ? .grey : .rgb
            let count = size.0 * size.1 * color.channels
            let pixels = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 3 / color.channels + 40 * index) }
            let picture = PNGImage(width: size.0, height: size.1, color: color, pixels: pixels)
            try folder.write(picture.encodedJPEG(quality: 90), to: "n\(index % 2)/\(index).JPEG")
        }
        let squares = DatasetSource(ImageFolderFormat(folder: DataPath(folder.path), size: 16))
        let (found, summary) = try squares.surveyed()
        #expect(found.image == ImageShape(channels: 3, height: 16, width: 16) && found.content?.count == 4)
        #expect(
            "\(summary)".hasSuffix("2 classes of 2 each; 1 grey image among coloured ones taken as red = green = blue"))
        #expect(try squares.load().samples == found.load().samples)
        let smaller = DatasetSource(ImageFolderFormat(folder: DataPath(folder.path), size: 8))
        #expect(try smaller.inspected().content?.identity != found.content?.identity)
    }

    @Test("CIFAR-100's batches have a coarse and a fine label, of which one is said")
    func cifar100() throws {
        func record(_ coarse: UInt8, _ fine: UInt8) -> [UInt8] {
            [coarse, fine] + [UInt8](repeating: 255, count: 3072)
        }
        let path = DataPath(try folder.write(record(19, 99) + record(3, 0), to: "train.bin"))
        let fine = try DatasetSource(CIFAR100Format(files: [path], labels: .fine)).load()
        #expect(fine.labels == [99, 0] && fine.classCount == 100 && fine.samples[0] == 1)
        let coarse = DatasetSource(CIFAR100Format(files: [path], labels: .coarse))
        #expect(try coarse.load().labels == [19, 3] && coarse.load().classCount == 20)
        try folder.write(record(20, 0), to: "train.bin")
        #expect(
            errorText { try coarse.inspected() }.hasSuffix(
                "train.bin: found label 20 of record 0, allowed: from 0 to 19"))
    }

    @Test("CIFAR-10's batches are read in their order, a label before each image")
    func cifar() throws {
        func record(_ label: UInt8, _ red: UInt8) -> [UInt8] {
            [label] + [UInt8](repeating: red, count: 1024) + [UInt8](repeating: 0, count: 2048)
        }
        let first = DataPath(try folder.write(record(7, 255) + record(0, 0), to: "1.bin"))
        let second = DataPath(try folder.write(record(9, 51), to: "2.bin"))
        let data = try DatasetSource(CIFAR10Format(files: [first, second])).load()
        #expect(data.labels == [7, 0, 9] && data.classCount == 10)
        #expect(data.imageShape == ImageShape(channels: 3, height: 32, width: 32))
        #expect(data.samples[0] == 1 && data.samples[1023] == 1 && data.samples[1024] == -1)
        #expect(data.samples[2 * 3072] == 51 / 127.5 - 1)
        func refusal(_ bytes: [UInt8]) throws -> String {
            let path = DataPath(try folder.write(bytes, to: "3.bin"))
            return errorText { try DatasetSource(CIFAR10Format(files: [first, path])).inspected() }
                .replacing(folder.path + "/", with: "")
        }
        let allowed = "records of a label and 3,072 pixels, 3073 bytes"
        #expect(try refusal([]) == "3.bin: found 0 bytes, allowed: \(allowed)")
        #expect(try refusal(record(1, 1) + [1]) == "3.bin: found 3074 bytes, allowed: \(allowed)")
        #expect(try refusal(record(1, 1) + record(10, 1)) == "3.bin: found label 10 of record 1, allowed: from 0 to 9")
    }
}

@Suite("Pictures that were decoded once")
struct DecodedImagesTests {
    let folder = TemporaryFolder()

    @Test("are read as they were left, and decoded again where that is damaged")
    func decoded() throws {
        for index in 0..<6 {
            let pixels = (0..<12).map { UInt8(($0 * 91 + index * 37) % 256) }
            let picture = PNGImage(width: 2, height: 2, color: .rgb, pixels: pixels)
            try folder.write(picture.encoded(), to: "images/\(index % 2)/\(index).png")
        }
        let source = try DatasetSource(ImageFolderFormat(folder: DataPath(folder.file("images")))).inspected()
        let cache = folder.file("cache")
        try ResultsFolder.create(cache)
        let first = try source.load(decodedIn: cache)
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: cache).first)
        // The pictures are not looked at again.
        try FileManager.default.removeItem(atPath: folder.file("images/0/0.png"))
        let second = try source.load(decodedIn: cache)
        #expect(mismatch(second.samples, first.samples) == nil && second.labels == first.labels)
        #expect(second.imageShape == first.imageShape && second.valueRange == first.valueRange)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(cache)/\(name)"))
        bytes[200] ^= 1
        try bytes.write(to: URL(fileURLWithPath: "\(cache)/\(name)"))
        #expect(errorText { try source.load(decodedIn: cache) }.contains("as stated for this data set before"))
    }
}
