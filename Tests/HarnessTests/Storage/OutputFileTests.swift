import Foundation
import Storage
import TestSupport
import Testing

@Suite("A file that a user names is written by one rule")
struct OutputFileTests {
    let folder = TemporaryFolder()

    private func bytes(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder.file(name)).map(Array.init)
    }

    private func write(_ name: String, overwriting: Bool = false) throws {
        try OutputFile(folder.file(name), attempt: "write the study", overwriting: overwriting).write(
            [1, 2] as [UInt8])
    }

    @Test("what is there is replaced only where that is said")
    func overwriting() throws {
        try write("new")
        #expect(bytes("new") == [1, 2])
        try Data([7]).write(to: URL(fileURLWithPath: folder.file("old")))
        let error = #expect(throws: FileError.self) { try write("old") }
        #expect(
            error?.description
                == "\(folder.file("old")): cannot write the study: File exists; --overwrite replaces it")
        #expect(bytes("old") == [7])
        try write("old", overwriting: true)
        #expect(bytes("old") == [1, 2])
    }

    @Test("a link stays, and leads to the new content, whether its end is there or not", arguments: [true, false])
    func link(isThere: Bool) throws {
        try FileManager.default.createDirectory(atPath: folder.file("inner"), withIntermediateDirectories: false)
        if isThere { try Data([7]).write(to: URL(fileURLWithPath: folder.file("inner/end"))) }
        symlink("inner/end", folder.file("link"))
        if isThere { #expect(throws: FileError.self) { try write("link") } }
        try write("link", overwriting: isThere)
        #expect(bytes("inner/end") == [1, 2])
        #expect(FileKind(folder.file("link")) == .link)
        symlink("loop", folder.file("loop"))
        #expect(throws: FileError.self) { try write("loop") }
    }

    @Test("a pipe gets the bytes and stays a pipe, of one write and of a whole file")
    func pipe() throws {
        mkfifo(folder.file("pipe"), 0o600)
        for isFile in [false, true] {
            let reader = Process(), out = Pipe()
            reader.executableURL = URL(fileURLWithPath: "/bin/cat")
            reader.arguments = [folder.file("pipe")]
            reader.standardOutput = out
            try reader.run()
            let output = try OutputFile(folder.file("pipe"), attempt: "write the study", overwriting: false)
            if isFile {
                try output.write { try AtomicFile.write([3, 4] as [UInt8], to: $0) }
            } else {
                try output.write([3, 4] as [UInt8])
            }
            reader.waitUntilExit()
            #expect(out.fileHandleForReading.readDataToEndOfFile() == Data([3, 4]))
            #expect(FileKind(folder.file("pipe")) == .other)
        }
    }

    @Test("a folder is refused, and a file of the program's own is never put in a device's place")
    func refused() throws {
        try FileManager.default.createDirectory(atPath: folder.file("folder"), withIntermediateDirectories: false)
        #expect(throws: FileError.self) { try write("folder", overwriting: true) }
        mkfifo(folder.file("pipe"), 0o600)
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1] as [UInt8], to: folder.file("pipe")) }
        #expect(error?.reason == "it is no regular file")
        #expect(folder.names() == ["folder", "pipe"])
    }

    @Test("locks, logs and journals are not opened through a link, and not where a pipe is")
    func own() throws {
        try Data([7]).write(to: URL(fileURLWithPath: folder.file("end")))
        symlink("end", folder.file("link"))
        mkfifo(folder.file("pipe"), 0o600)
        for (name, reason) in [("link", "it is a link, which is not followed"), ("pipe", "it is no regular file")] {
            let error = #expect(throws: FileError.self) {
                _ = try FileKind.open(folder.file(name), O_WRONLY | O_CREAT, attempt: "open the lock")
            }
            #expect(error?.description == "\(folder.file(name)): cannot open the lock: \(reason)")
        }
        let descriptor = try FileKind.open(folder.file("new"), O_WRONLY | O_CREAT, attempt: "open the lock")
        close(descriptor)
        #expect(bytes("end") == [7])
    }
}
