import Foundation
import Storage
import TestSupport
import Testing

@Suite("A file is written whole or not at all")
struct AtomicFileTests {
    let folder = TemporaryFolder()

    struct Interruption: Error {}

    private func bytes(of name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder.file(name)).map(Array.init)
    }

    @Test("bytes and data arrive, and nothing else is left in the folder")
    func arrives() throws {
        try AtomicFile.write([1, 2, 3] as [UInt8], to: folder.file("bytes"))
        try AtomicFile.write(Data([4, 5]), to: folder.file("data"))
        try AtomicFile.write([] as [UInt8], to: folder.file("empty"))
        #expect(bytes(of: "bytes") == [1, 2, 3])
        #expect(bytes(of: "data") == [4, 5])
        #expect(bytes(of: "empty") == [])
        #expect(folder.names() == ["bytes", "data", "empty"])
    }

    @Test("an old file is replaced")
    func replaces() throws {
        try AtomicFile.write([1, 1, 1] as [UInt8], to: folder.file("file"))
        try AtomicFile.write([2] as [UInt8], to: folder.file("file"))
        #expect(bytes(of: "file") == [2])
    }

    @Test("the target keeps its old bytes until the body has ended")
    func staysOldMeanwhile() throws {
        try AtomicFile.write([1] as [UInt8], to: folder.file("file"))
        try AtomicFile.write(to: folder.file("file")) { temporary in
            #expect(temporary.hasPrefix(folder.path + "/file.") && temporary.hasSuffix(".tmp"))
            try Data([2]).write(to: URL(fileURLWithPath: temporary))
            #expect(bytes(of: "file") == [1])
        }
        #expect(bytes(of: "file") == [2])
    }

    @Test("a body that throws leaves neither target nor temporary")
    func throwsCleanly() {
        #expect(throws: Interruption.self) {
            try AtomicFile.write(to: folder.file("file")) { temporary in
                try Data([2]).write(to: URL(fileURLWithPath: temporary))
                throw Interruption()
            }
        }
        #expect(folder.names() == [])
    }

    @Test("a body that throws leaves an old target as it was")
    func keepsOldTarget() throws {
        try AtomicFile.write([1] as [UInt8], to: folder.file("file"))
        #expect(throws: Interruption.self) {
            try AtomicFile.write(to: folder.file("file")) { _ in throw Interruption() }
        }
        #expect(bytes(of: "file") == [1])
        #expect(folder.names() == ["file"])
    }

    @Test("a writer that is killed leaves the old target")
    func killed() async throws {
        let path = folder.file("file")
        try AtomicFile.write([1] as [UInt8], to: path)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try AtomicFile.write(to: path) { temporary in
                try Data([2]).write(to: URL(fileURLWithPath: temporary))
                kill(getpid(), SIGKILL)
            }
        }
        #expect(bytes(of: "file") == [1])
        #expect(folder.names().count == 2, "the temporary stays, under a name of its own")
    }

    @Test("a relative path is taken from the current folder")
    func relativePath() throws {
        let name = "ablate-relative-\(UInt64.random(in: .min ... .max))"
        defer { unlink(name) }
        try AtomicFile.write([7] as [UInt8], to: name)
        #expect(FileManager.default.contents(atPath: name) == Data([7]))
    }

    @Test("a missing folder is refused")
    func missingFolder() {
        let path = folder.file("absent/file")
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1] as [UInt8], to: path) }
        #expect(error?.description == "\(path): cannot create the file: No such file or directory")
    }

    @Test("a folder that is a file is refused")
    func folderIsFile() throws {
        try AtomicFile.write([1] as [UInt8], to: folder.file("file"))
        let path = folder.file("file/inner")
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1] as [UInt8], to: path) }
        #expect(error?.description == "\(path): cannot create the file: Not a directory")
    }

    @Test("an unwritable folder is refused", .enabled(if: geteuid() != 0, "the superuser may write everywhere"))
    func unwritableFolder() {
        chmod(folder.path, 0o500)
        let path = folder.file("file")
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1] as [UInt8], to: path) }
        #expect(error?.description == "\(path): cannot create the file: Permission denied")
    }

    @Test("a target that is a folder is refused, and the temporary goes")
    func targetIsFolder() throws {
        let path = folder.file("target")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1] as [UInt8], to: path) }
        #expect(error?.description == "\(path): cannot replace the file: Is a directory")
        #expect(folder.names() == ["target"])
    }
}
