import Tensors
import Foundation
import TestSupport
import Testing

@testable import XLA

@Suite("The cache of compiled programs", .enabled(if: Plugins.isSomeInstalled, Plugins.advice))
struct CompiledProgramCacheTests {
    private static let program = Program(inputs: [[40]]) { [exp($0[0]) + 1] }
    private static let values = [(0..<40).map { Float($0) / 40 }]

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test("keeps one file a program, options included, and computes the same from it", arguments: Plugins.clients)
    func keeps(_ plugin: InstalledPlugin) throws {
        let folder = TemporaryFolder(), cache = CompiledProgramCache(folder: folder.path + "/compiled")
        let first = try plugin.backend(cache).xlaProgram(Self.program)(Self.values)
        let kept = try files(cache.folder)
        #expect(kept.count == 1)
        let file = cache.folder + "/" + kept[0]
        let written = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
        #expect(try plugin.backend(cache).xlaProgram(Self.program)(Self.values) == first)
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date == written)
        #expect(try files(cache.folder) == kept)
        let other = try plugin.backend(cache, flags: ["xla_backend_optimization_level": "0"])
        _ = try other.xlaProgram(Self.program)
        #expect(try files(cache.folder).count == 2)
    }

    @Test("compiles anew what is damaged, and mends it", arguments: Plugins.clients)
    func mends(_ plugin: InstalledPlugin) throws {
        let folder = TemporaryFolder(), cache = CompiledProgramCache(folder: folder.path)
        let first = try plugin.backend(cache).xlaProgram(Self.program)(Self.values)
        let file = try cache.folder + "/" + files(cache.folder)[0]
        let whole = try Data(contentsOf: URL(fileURLWithPath: file))
        var flipped = whole
        flipped[whole.count / 2] ^= 1
        for damaged in [Data(), whole.prefix(10), whole.prefix(whole.count / 2), flipped, Data("no program".utf8)] {
            try damaged.write(to: URL(fileURLWithPath: file))
            #expect(try plugin.backend(cache).xlaProgram(Self.program)(Self.values) == first)
            // A plug-in may write the same program in other bytes; what lies there is whole again.
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)).count > whole.count / 2)
        }
    }

    @Test("A folder that cannot be written costs nothing but time", arguments: Plugins.clients)
    func notWritable(_ plugin: InstalledPlugin) throws {
        let folder = TemporaryFolder(), file = folder.path + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let cache = CompiledProgramCache(folder: file + "/below")
        #expect(try plugin.backend(cache).xlaProgram(Self.program)(Self.values)[0].count == 40)
    }
}
