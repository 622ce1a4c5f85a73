import Foundation
import Specification
import Storage
import TestSupport
import Testing

@Suite("A sealed file tells of every changed bit")
struct FileSealTests {
    let folder = TemporaryFolder()
    private var path: String { folder.file("a.h5") }

    @Test("a flipped bit anywhere is found, or leaves a file that says nothing of a seal")
    func bits() throws {
        try HDF5File.writeSealed(to: path) { try $0.write("numbers", [1.0, 2, 3], shape: [3]) }
        #expect(FileSeal.finding(path) == .whole)
        #expect(try HDF5File.read(path) { try $0.read("numbers", as: Double.self).values } == [1, 2, 3])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[place] ^= 1 << UInt8(place % 8)
            try damaged.write(to: URL(fileURLWithPath: path))
            let isMark = place >= bytes.count - 46 && place < bytes.count - 32
            #expect(FileSeal.finding(path) == (isMark ? FileSeal.Finding.none : .broken), "byte \(place)")
        }
        try bytes.dropLast(1).write(to: URL(fileURLWithPath: path))
        #expect(FileSeal.finding(path) == FileSeal.Finding.none)
    }

    @Test("two files of the same calls have the same bytes, seal and all")
    func same() throws {
        for name in ["a", "b"] {
            try HDF5File.writeSealed(to: folder.file(name)) { try $0.setAttribute("n", 1) }
        }
        #expect(
            FileManager.default.contents(atPath: folder.file("a"))
                == FileManager.default.contents(atPath: folder.file("b")))
    }

    @Test("the hash of a file is that of its bytes, however many there are")
    func hash() throws {
        for count in [0, 1, 1 << 18, (1 << 18) + 1, 700_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(FileHash.identity(path) == Identity(hashing: bytes))
            #expect(FileHash.hash(path, first: count / 2) == SHA256.hash(bytes.prefix(count / 2)))
        }
        #expect(FileHash.hash(path, first: 700_001) == nil)
        #expect(FileHash.hash("/dev/zero") == nil && FileHash.hash(folder.path) == nil)
    }

    @Test("only regular files are read whole: a pipe without a writer and a device without an end are refused at once")
    func regular() throws {
        mkfifo(folder.file("pipe"), 0o600)
        for (file, reason) in [
            (folder.file("pipe"), "it is no regular file (a device, a pipe or a socket)"),
            ("/dev/zero", "it is no regular file (a device, a pipe or a socket)"),
            (folder.path, "Is a directory"), (folder.file("absent"), "No such file or directory"),
        ] {
            #expect(RegularFile.fault(of: file) == reason)
            let error = #expect(throws: InputError.self) { _ = try RegularFile.read(file, attempt: "read the study") }
            #expect(error?.description == "\(file): cannot read the study: \(reason)")
            #expect(throws: HDF5Error.self) { try HDF5File.read(file) { _ in } }
        }
    }

    @Test("sizes are said in the unit that fits")
    func sizes() {
        #expect(RegularFile.text(bytes: 512) == "512 bytes")
        #expect(RegularFile.text(bytes: 1536) == "1.5 KiB")
        #expect(RegularFile.text(bytes: 0x1p44) == "16 TiB")
        #expect(RegularFile.text(bytes: 1e30).hasSuffix(" EiB"))
    }
}
