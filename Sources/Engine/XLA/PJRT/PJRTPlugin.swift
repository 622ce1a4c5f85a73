import CPJRT
import Synchronization

/// A shared library that computes on some kind of device, by the C interface PJRT. It is loaded while the program runs, and nothing of
/// it is linked.
package final class PJRTPlugin: Sendable {
    /// Its file.
    package let path: String
    /// Of the interface.
    package let version: Version
    /// "xla_version" and what else it says of itself, as text.
    package let attributes: [String: String]
    private nonisolated(unsafe) let table: UnsafePointer<ablate_pjrt_table>

    /// The version of the C interface: another major number is another interface, a higher minor one has more of the same.
    package struct Version: Hashable, Comparable, Sendable, CustomStringConvertible {
        package let major, minor: Int

        package var description: String { "\(major).\(minor)" }

        package static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
    }

    /// The slots and offsets in use are the same over these versions, by the headers and plug-ins that were looked at. A newer
    /// minor version has kept them so far, but none was tried.
    package static let tested = Version(major: 0, minor: 57)...Version(major: 0, minor: 116)

    /// One of each file: a library is loaded once and stays.
    private static let loaded = Mutex<[String: PJRTPlugin]>([:])

    /// Loads a plug-in, or gives what is loaded already.
    /// - Throws: `PluginRefusal` where the file is no plug-in, or its version was not tested; `PJRTError` where it does not start.
    package static func load(_ path: String) throws -> PJRTPlugin {
        try loaded.withLock { known in
            if let plugin = known[path] { return plugin }
            let plugin = try PJRTPlugin(path)
            known[path] = plugin
            return plugin
        }
    }

    private init(_ path: String) throws {
        var problem: UnsafePointer<CChar>?
        guard let table = ablate_pjrt_open(path, &problem) else {
            throw PluginRefusal(plugin: path, reason: problem.map { String(cString: $0) } ?? "it cannot be loaded")
        }
        let version = Version(major: Int(table.pointee.major), minor: Int(table.pointee.minor))
        try Self.check(version, path)
        (self.path, self.table, self.version) = (path, table, version)
        let interface = PJRTInterface(table: table, path: path)
        var start = ablate_pjrt_attributes()
        try interface.call(ABLATE_PJRT_PLUGIN_INITIALIZE, &start, "start")
        var found = ablate_pjrt_attributes()
        try interface.call(ABLATE_PJRT_PLUGIN_ATTRIBUTES, &found, "say what it is")
        attributes = Dictionary(
            UnsafeBufferPointer(start: found.values, count: found.count).map { ($0.name.string, $0.text) },
            uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: `PluginRefusal` where a version was not tested.
    static func check(_ version: Version, _ path: String) throws {
        guard !tested.contains(version) else { return }
        throw PluginRefusal(
            plugin: path,
            reason: "it has version \(version) of the PJRT interface, and \(tested.lowerBound) to "
                + "\(tested.upperBound) were tested; install a plug-in of these versions")
    }

    var interface: PJRTInterface { PJRTInterface(table: table, path: path) }
}

extension ablate_pjrt_text {
    /// The text, copied.
    var string: String {
        guard let start else { return "" }
        return String(
            decoding: UnsafeRawBufferPointer(start: UnsafeRawPointer(start), count: count), as: UTF8.self)
    }
}

extension ablate_pjrt_named_value {
    /// The value as text; numbers of a list with points between them, as versions are written.
    fileprivate var text: String {
        switch kind {
        case ABLATE_PJRT_STRING: ablate_pjrt_text(start: string, count: count).string
        case ABLATE_PJRT_INT64: "\(number)"
        case ABLATE_PJRT_INT64_LIST:
            UnsafeBufferPointer(start: numbers, count: count).map { "\($0)" }.joined(separator: ".")
        case ABLATE_PJRT_FLOAT: "\(real)"
        default: truth != 0 ? "true" : "false"
        }
    }
}
