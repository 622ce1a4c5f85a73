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

    private var source: DatasetSource { .images(folder: DataPath(folder.path), content: nil) }

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
            try DatasetSource.images(folder: DataPath(folder.file(name)), content: nil).inspected().content
        }
        #expect(try content("one") == content("two"))
        try write([0, 254], "two/a.png")
        #expect(try content("one") != content("two"))
    }

    @Test("what is no set of pictures of one size is refused")
    func refused() throws {
        #expect(refusal == "folder: found no PNG file, allowed: at least one")
        try write([0, 255], "a.png")
        try write([0, 255, 0], "b.png", width: 3)
        #expect(refusal == "b.png: found [1, 1, 3], allowed: [1, 1, 2] as in a.png")
        try write([0, 255, 3, 4, 5, 6], "b.png", color: .rgb)
        #expect(refusal == "b.png: found [3, 1, 2], allowed: [1, 1, 2] as in a.png")
        try folder.write(Array("no picture".utf8), to: "b.png")
        #expect(refusal == "b.png: found Not a PNG file, allowed: a PNG file of 8-bit grey or RGB pixels")
        try folder.write([], to: "b.png")
        #expect(refusal == "b.png: found the file is truncated, allowed: a PNG file of 8-bit grey or RGB pixels")
        try folder.write([1], to: "b.jpg")
        #expect(refusal == "folder: found 'b.jpg', allowed: files whose names end in .png, and folders")
    }

    @Test("folders that are no classes are refused")
    func folders() throws {
        try write([0, 255], "rose/a.png")
        try write([0, 255], "a.png")
        #expect(
            refusal
                == "folder: found 'a.png' beside the folder 'rose', allowed: either PNG files or a folder for each class"
        )
        try FileManager.default.removeItem(atPath: folder.file("a.png"))
        try write([0, 255], "rose/inner/a.png")
        #expect(refusal == "rose: found the folder 'inner', allowed: the PNG files of a class")
        try FileManager.default.removeItem(atPath: folder.file("rose/inner"))
        try ResultsFolder.create(folder.file("tulip"))
        #expect(refusal == "tulip: found no PNG file, allowed: the PNG files of a class")
        let absent = DatasetSource.images(folder: DataPath(folder.file("absent")), content: nil)
        #expect(
            errorText { try absent.inspected() }
                == "\(folder.file("absent")): found no readable folder (No such file or directory), "
                + "allowed: a folder of PNG files")
    }

    @Test("CIFAR-10's batches are read in their order, a label before each image")
    func cifar() throws {
        func record(_ label: UInt8, _ red: UInt8) -> [UInt8] {
            [label] + [UInt8](repeating: red, count: 1024) + [UInt8](repeating: 0, count: 2048)
        }
        let first = DataPath(try folder.write(record(7, 255) + record(0, 0), to: "1.bin"))
        let second = DataPath(try folder.write(record(9, 51), to: "2.bin"))
        let data = try DatasetSource.cifar10(files: [first, second], content: nil).load()
        #expect(data.labels == [7, 0, 9] && data.classCount == 10)
        #expect(data.imageShape == ImageShape(channels: 3, height: 32, width: 32))
        #expect(data.samples[0] == 1 && data.samples[1023] == 1 && data.samples[1024] == -1)
        #expect(data.samples[2 * 3072] == 51 / 127.5 - 1)
        func refusal(_ bytes: [UInt8]) throws -> String {
            let path = DataPath(try folder.write(bytes, to: "3.bin"))
            return errorText { try DatasetSource.cifar10(files: [first, path], content: nil).inspected() }
                .replacing(folder.path + "/", with: "")
        }
        let allowed = "records of a label and 3,072 pixels, 3073 bytes"
        #expect(try refusal([]) == "3.bin: found 0 bytes, allowed: \(allowed)")
        #expect(try refusal(record(1, 1) + [1]) == "3.bin: found 3074 bytes, allowed: \(allowed)")
        #expect(try refusal(record(1, 1) + record(10, 1)) == "3.bin: found label 10 of record 1, allowed: from 0 to 9")
    }
}
