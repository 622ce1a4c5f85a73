import CPJRT
import Foundation
import TestSupport
import Testing

@testable import XLA

@Suite("Plug-ins") struct PluginTests {
    @Test("of a version outside what was tested are refused")
    func versions() {
        for version in [
            PJRTPlugin.Version(major: 0, minor: 56), .init(major: 0, minor: 117), .init(major: 1, minor: 80),
        ] {
            let error = #expect(throws: PluginRefusal.self) { try PJRTPlugin.check(version, "/a/plugin.so") }
            #expect(
                error.map { "\($0)" }
                    == "/a/plugin.so: it has version \(version) of the PJRT interface, and 0.57 to 0.116 were tested; "
                    + "install a plug-in of these versions")
        }
        for minor in [57, 81, 115, 116] {
            #expect(throws: Never.self) { try PJRTPlugin.check(.init(major: 0, minor: minor), "/a/plugin.so") }
        }
    }

    @Test("A file that is none is refused with the loader's words")
    func noPlugin() throws {
        let folder = TemporaryFolder(), path = folder.path + "/plugin.so"
        let missing = #expect(throws: PluginRefusal.self) { try PJRTPlugin.load(path) }
        #expect(missing?.reason == "\(path): cannot open shared object file: No such file or directory")
        try Data("no library".utf8).write(to: URL(fileURLWithPath: path))
        let text = #expect(throws: PluginRefusal.self) { try PJRTPlugin.load(path) }
        #expect(text?.reason == "\(path): file too short")
        let other = #expect(throws: PluginRefusal.self) { try PJRTPlugin.load("libm.so.6") }
        #expect(other?.reason == "it exports no GetPjrtApi")
    }

    @Test("are found where they are named, in the active Python environment and beside the program")
    func search() throws {
        let folder = TemporaryFolder()
        let packages = "/environment/lib/python3.12/site-packages/"
        let files = [
            packages + "jax_plugins/xla_cuda13/xla_cuda_plugin.so", packages + "jax_plugins/xla_cuda13/other.so",
            packages + "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so", "/environment/bin/python3", "/program/my_pjrt.so",
            "/program/libother.so",
        ]
        for file in files {
            let path = URL(fileURLWithPath: folder.path + file)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: path)
        }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder.path + "/environment/bin/python3")
        let found = [files[0], files[2], files[4]].map { folder.path + $0 }
        for (name, value) in [("VIRTUAL_ENV", "/environment"), ("PATH", "/environment/bin")] {
            let search = PluginSearch(
                environment: ["ABLATE_PJRT": "/named/a.so:/named/b.so", name: folder.path + value],
                programFolder: folder.path + "/program")
            #expect(search.paths == ["/named/a.so", "/named/b.so"] + found)
        }
        #expect(PluginSearch(environment: [:], programFolder: folder.path + "/none").paths == [])
    }

    @Test(
        "say their version and devices", .enabled(if: Plugins.isSomeInstalled, Plugins.advice),
        arguments: Plugins.clients)
    func devices(_ plugin: InstalledPlugin) {
        #expect(PJRTPlugin.tested.contains(plugin.client.plugin.version))
        #expect(plugin.client.plugin.attributes["stablehlo_current_version"] != nil)
        #expect(plugin.client.platform == "cpu")
        #expect(!plugin.client.devices.isEmpty)
        #expect(plugin.client.devices.allSatisfy { $0.kind == "cpu" })
    }

    @Test("Options are written as a plug-in reads them")
    func options() {
        #expect(CompileOptions().bytes == [0x1a, 4, 0x20, 1, 0x28, 1])
        #expect(CompileOptions(replicas: 2).bytes == [0x1a, 4, 0x20, 2, 0x28, 1])
        let entry: [UInt8] = [0x0a, 1] + Array("f".utf8) + [0x12, 2, 0x10, 1]
        #expect(CompileOptions(flags: ["f": "true"]).bytes == [0x1a, 4, 0x20, 1, 0x28, 1, 0x3a, 7] + entry)
    }
}
