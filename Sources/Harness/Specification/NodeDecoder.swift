import FlowMaps
import Foundation

/// The decoder of one value of the tree.
final class NodeDecoder: Decoder {
    let node: SpecTree
    let trail: KeyTrail
    let strictness: StrictDecoder
    /// The keyed containers created so far, each checked at the end for unknown keys.
    var containers: [KeyedNode] = []
    /// The error to throw if decoding stops with one that has no place.
    var failure: SpecError?

    init(node: SpecTree, trail: KeyTrail, strictness: StrictDecoder) {
        self.node = node
        self.trail = trail
        self.strictness = strictness
    }

    var codingPath: [any CodingKey] { trail.codingPath }
    /// The folder of the file that contains the node: relative paths are relative to it, and those of the command
    /// line to the working directory.
    var userInfo: [CodingUserInfoKey: Any] {
        let folder =
            switch node.mark {
            case .file(let file, _, _): strictness.folder ?? parentFolder(of: file)
            case .setting, .choice, .seeds, .code: ""
            }
        return [.folder: URL(fileURLWithPath: folder.isEmpty ? "." : folder).standardizedFileURL.path]
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try container(keyedBy: type, node: node, trail: trail)
    }

    func container<Key: CodingKey>(
        keyedBy type: Key.Type, node: SpecTree, trail: KeyTrail
    ) throws -> KeyedDecodingContainer<Key> {
        if let error = renamedKey(Key.self, in: node, trail) { throw error }
        let container = KeyedContainer<Key>(node, trail, self)
        containers.append(container)
        return KeyedDecodingContainer(container)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try UnkeyedContainer(node, trail, self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleContainer(decoder: self) }

    func checkUnknownKeys() throws(SpecError) {
        for container in containers { try container.checkUnknownKeys() }
    }

    /// An error of a type's own decoding, with its place.
    func issue<Value>(_ error: DecodingError, decoding type: Value.Type) -> SpecError {
        if let scalar = node.scalar, let allowed = rawValues(of: type) {
            return SpecError(
                node.mark, "unknown case '\(scalar.text)' for \(trail.place)", name: scalar.text, among: allowed)
        }
        let text =
            switch error {
            case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
                .valueNotFound(_, let context):
                context.debugDescription
            @unknown default: "\(error)"
            }
        return SpecError(node.mark, "wrong value for \(trail.place)", found: node.summary, notes: [text])
    }

    // MARK: Scalars

    func bool(_ node: SpecTree, _ trail: @autoclosure () -> KeyTrail) throws(SpecError) -> Bool {
        if let value = node.scalar?.bool { return value }
        let meant: String? =
            switch node.scalar?.text.lowercased() {
            case "yes", "on", "y", "true": "true"
            case "no", "off", "n", "false": "false"
            default: nil
            }
        throw SpecError(
            node.mark, "wrong value for \(trail().place)", found: node.summary, allowed: "true, false", nearest: meant)
    }

    func string(_ node: SpecTree, _ trail: @autoclosure () -> KeyTrail) throws(SpecError) -> String {
        guard let scalar = node.scalar else { throw mismatch(node, trail(), allowed: "text") }
        return scalar.text
    }

    func integer<Number: FixedWidthInteger>(
        _ type: Number.Type, _ node: SpecTree, _ trail: @autoclosure () -> KeyTrail
    ) throws(SpecError) -> Number {
        switch node.scalar?.integer(type) {
        case .number(let value): return value
        case .outOfRange:
            throw mismatch(node, trail(), allowed: "a whole number from \(Number.min) to \(Number.max)")
        case .notANumber, nil: throw mismatch(node, trail(), allowed: "a whole number in decimal digits")
        }
    }

    func floating<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: Number.Type, _ node: SpecTree, _ trail: @autoclosure () -> KeyTrail
    ) throws(SpecError) -> Number {
        switch node.scalar?.floating(type, nonFinite: strictness.nonFinite) {
        case .number(let value): return value
        case .outOfRange:
            let largest = Number.greatestFiniteMagnitude
            throw mismatch(node, trail(), allowed: "a number from -\(largest) to \(largest)")
        case .notANumber, nil: throw mismatch(node, trail(), allowed: "a decimal number")
        }
    }

    func mismatch(_ node: SpecTree, _ trail: KeyTrail, allowed: String) -> SpecError {
        SpecError(node.mark, "wrong value for \(trail.place)", found: node.summary, allowed: allowed)
    }
}

/// The raw values of an enum of words which lists its cases.
private func rawValues<Value>(of type: Value.Type) -> [String]? {
    func words<Cases: CaseIterable>(_ type: Cases.Type) -> [String]? {
        let words = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        return words.isEmpty ? nil : words
    }
    guard let listed = type as? any CaseIterable.Type else { return nil }
    return words(listed)
}

extension CodingUserInfoKey {
    /// The absolute path, a `String`, of the folder that relative paths are relative to.
    package static let folder = CodingUserInfoKey(rawValue: "folder")!
    /// `true` where a value is encoded for whoever gets a record or a model: with paths as the study writes them.
    static let isForReaders = CodingUserInfoKey(rawValue: "isForReaders")!
}

extension Encoder {
    /// The encoder is for readers of what is written, not for another process of the same work.
    package var isForReaders: Bool { userInfo[.isForReaders] as? Bool ?? false }
}
