import Foundation

/// The values decoded from the mappings of earlier trees, for trees that share mappings with them.
///
/// The points of a sweep are patches of one base: a mapping that no axis touches is one piece of memory in all of
/// them, and is decoded once. Only values that decoded without an error are stored, so errors name their own place.
package final class DecodedParts: @unchecked Sendable {
    private struct Key: Hashable {
        let type: ObjectIdentifier
        /// The addresses of the entries, of the mapping and of its other reading.
        let entries, choice: UnsafeRawPointer?
    }

    /// The mapping is held, so that its place in memory is not given to another.
    private struct Part {
        let mapping: SpecMapping
        let value: Any
    }

    /// The largest number of stored values. Where every point has its own mappings nothing is found again, and little
    /// is stored.
    private static let limit = 4096

    private let lock = NSLock()
    private var parts: [Key: Part] = [:]

    package init() {}

    /// The value of this type that was decoded from this very mapping.
    func value<Value>(_ type: Value.Type, of node: SpecTree) -> Value? {
        guard let key = Self.key(type, node) else { return nil }
        return lock.withLock { parts[key]?.value as? Value }
    }

    func keep<Value>(_ value: Value, of node: SpecTree) {
        guard let key = Self.key(Value.self, node), let mapping = node.mapping else { return }
        lock.withLock {
            if parts.count >= Self.limit { parts.removeAll(keepingCapacity: true) }
            parts[key] = Part(mapping: mapping, value: value)
        }
    }

    /// Nil for a value that is not a mapping, and for an empty one: all empty lists have one address.
    private static func key<Value>(_ type: Value.Type, _ node: SpecTree) -> Key? {
        guard let mapping = node.mapping, !mapping.entries.isEmpty else { return nil }
        func place(_ entries: [SpecMapping.Entry]) -> UnsafeRawPointer? {
            entries.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) }
        }
        return Key(
            type: ObjectIdentifier(type), entries: place(mapping.entries), choice: mapping.asChoice.flatMap(place))
    }
}
