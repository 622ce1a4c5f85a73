/// A value of a spec as it was written, each part with its place.
///
/// A scalar stays text until something is decoded from it, so `no` is a word where a word is asked for and an error
/// where a truth value is. Trees are values: a patched tree shares what the patch did not touch.
public struct SpecTree: Sendable {
    public enum Content: Sendable {
        case mapping(SpecMapping)
        case sequence([SpecTree])
        case scalar(SpecScalar)
        /// Written `~` or `null`: as if the key were not there.
        case null
    }

    /// What a patch does with this value where the tree it patches has a mapping too.
    public enum Merging: Sendable {
        case byKey
        /// Written with the tag `!replace`.
        case replacing
    }

    public var content: Content
    public var mark: SpecMark
    public var merging: Merging

    public init(_ content: Content, mark: SpecMark = .code, merging: Merging = .byKey) {
        self.content = content
        self.mark = mark
        self.merging = merging
    }

    /// The mapping here, or nil when something else is.
    public var mapping: SpecMapping? {
        if case .mapping(let mapping) = content { mapping } else { nil }
    }

    /// The elements here, or nil when something else is.
    public var sequence: [SpecTree]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The scalar here, or nil when something else is.
    public var scalar: SpecScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    public var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// The value of `key` when this is a mapping that has it.
    public subscript(key: String) -> SpecTree? { mapping?[key]?.value }

    /// What stands here, for an error text.
    package var summary: String {
        switch content {
        case .mapping: "a mapping"
        case .sequence: "a sequence"
        case .scalar(let scalar): scalar.description
        case .null: "~"
        }
    }
}

/// The keys of a mapping with their values, in the order they were written.
public struct SpecMapping: Sendable {
    public struct Entry: Sendable {
        public var key: String
        /// Where the key was written; its value has a place of its own.
        public var mark: SpecMark
        public var value: SpecTree

        public init(key: String, mark: SpecMark = .code, value: SpecTree) {
            self.key = key
            self.mark = mark
            self.value = value
        }
    }

    public var entries: [Entry]
    /// The entries if a choice (an enum with payloads) is decoded here, where a patch made that differ; see
    /// `SpecTree.patched(with:)`.
    var asChoice: [Entry]?

    public init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    public subscript(key: String) -> Entry? { entries.first { $0.key == key } }

    public var keys: [String] { entries.map(\.key) }
}

/// A scalar's text; only a plain one can be read as a number or a truth value.
public struct SpecScalar: Hashable, Sendable, CustomStringConvertible {
    public enum Style: Hashable, Sendable { case plain, quoted }

    public var text: String
    public var style: Style

    public init(_ text: String, style: Style = .plain) {
        self.text = text
        self.style = style
    }

    public var description: String { style == .plain ? text : "\"\(text)\"" }
}
