import Foundation
import Storage
import TestSupport
import Testing

@testable import Results

@Suite("What a program received from a worker that was killed") struct AbandonedPlugInsTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }
    private var stage: String { "\(results.plugIns)/0123456789abcdef01234567" }

    private func write(_ text: String, _ path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test("is left over as soon as nobody holds its folder, and nothing beside it goes with it")
    func removal() throws {
        var hold: FolderHold? = try FolderHold(creating: stage)
        try write("samples", "\(stage)/0/samples.npz")
        try write("mine", "\(results.plugIns)/notes.txt")
        try write("mine", folder.file("outside.txt"))
        try FileManager.default.createSymbolicLink(
            atPath: "\(stage)/0/link", withDestinationPath: folder.file("outside.txt"))
        #expect(results.abandonedPlugIns().isEmpty)
        withExtendedLifetime(hold) {}
        hold = nil
        let found = results.abandonedPlugIns()
        #expect(found.map(\.path) == [stage] && found.map(\.bytes) == [7])
        // A worker that comes between the list and the removal keeps what it has.
        hold = try FolderHold(creating: stage)
        try results.remove(found)
        #expect(FileKind(stage) == .folder)
        hold = nil
        try results.remove(found)
        #expect(FileKind(stage) == nil)
        #expect(FileKind.files(below: folder.path) == ["outside.txt", "results/cache/plug-ins/notes.txt"])
    }

    @Test("is not looked for behind a link")
    func links() throws {
        try write("samples", folder.file("elsewhere/0123456789abcdef01234567/0/samples.npz"))
        try FileManager.default.createDirectory(atPath: results.cache, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: results.plugIns, withDestinationPath: folder.file("elsewhere"))
        #expect(results.abandonedPlugIns().isEmpty)
    }
}
