import Foundation

/// Compiled programs in a folder, each in a file that is named by all that it depends on.
///
/// Several processes may share a folder: a file appears whole, by a rename. One that is damaged, or that a plug-in no longer reads, is
/// compiled anew and replaced.
package struct CompiledProgramCache: Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// What a compiled program depends on.
    struct Key {
        let text: String
        let plugin: PJRTPlugin
        /// Name and version.
        let platform: String
        /// The kind of device.
        let device: String
        let options: CompileOptions

        /// A name for the file: 128 bits of all of it. The plug-in's own file counts by its size and time of change.
        var name: String {
            let about = try? FileManager.default.attributesOfItem(atPath: plugin.path)
            let file = [about?[.size], about?[.modificationDate]].map { "\($0 ?? "")" }
            let attributes = plugin.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let parts = [text, plugin.path, "\(plugin.version)", platform, device] + file + attributes
            var hash = Fingerprint()
            for part in parts { hash.combine(Array(part.utf8)) }
            hash.combine(options.bytes)
            return hash.description
        }
    }

    /// Eight bytes that a file begins with, then 16 that are the fingerprint of what follows them.
    private static let mark = Array("ablxla01".utf8)

    private func path(_ key: Key) -> String { folder + "/" + key.name + ".xla" }

    /// The bytes of a program; nil where there is none, or where its file is damaged.
    func bytes(_ key: Key) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path(key)) else { return nil }
        let bytes = [UInt8](data), head = Self.mark.count + 16
        guard bytes.count > head, Array(bytes[..<Self.mark.count]) == Self.mark else { return nil }
        let content = Array(bytes[head...])
        return Array(bytes[Self.mark.count..<head]) == Fingerprint(of: content).bytes ? content : nil
    }

    /// Keeps the bytes of a program.
    func keep(_ bytes: [UInt8], _ key: Key) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let content = Data(Self.mark + Fingerprint(of: bytes).bytes + bytes)
        try content.write(to: URL(fileURLWithPath: path(key)), options: .atomic)
    }
}
