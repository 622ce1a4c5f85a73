import Foundation
import Testing

@testable import XLA

/// The plug-ins for CPUs that these tests run on.
enum Plugins {
    /// A client of each that is installed, opened once.
    static let clients: [InstalledPlugin] = PluginSearch.current.paths.compactMap { path in
        guard !path.contains("cuda"), let plugin = try? PJRTPlugin.load(path), let client = try? PJRTClient(plugin)
        else { return nil }
        return InstalledPlugin(client: client)
    }

    static let isSomeInstalled = !clients.isEmpty
    static let advice: Comment =
        "no PJRT plug-in is installed: pip install --no-deps -r Tests/Peers/xla-requirements.txt"
}

struct InstalledPlugin: Sendable, CustomStringConvertible {
    let client: PJRTClient

    func backend(_ cache: CompiledProgramCache? = nil, flags: [String: String] = [:]) throws -> XLABackend {
        try XLABackend(client, cache: cache, flags: flags)
    }

    /// A backend that compiles without optimising, which takes half the time.
    func quickBackend() throws -> XLABackend { try backend(flags: ["xla_backend_optimization_level": "0"]) }

    var description: String { (client.plugin.path as NSString).lastPathComponent }
}
