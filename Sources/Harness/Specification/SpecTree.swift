/// A value of a specification as it was written, each part with its place.
///
/// A scalar stays text until a value is decoded from it, so `no` is a word where a word is expected and an error
/// where a truth value is. Trees are values: a patched tree shares the parts that the patch did not change.
package struct SpecTree: Sendable {
    package enum Content: Sendable {
        case mapping(SpecMapping)
        case sequence([SpecTree])
        case scalar(SpecScalar)
        /// `~` or `null`: the key counts as absent.
        case null
    }

    /// The effect of a patch with this value where the tree has a mapping too.
    package enum Merging: Sendable {
        case byKey
        /// Written with the tag `!replace`.
        case replacing
    }

    package var content: Content
    package var mark: SpecMark
    package var merging: Merging

    package init(_ content: Content, mark: SpecMark = .code, merging: Merging = .byKey) {
        self.content = content
        self.mark = mark
        self.merging = merging
    }

    /// The mapping here, or nil when something else is.
    package var mapping: SpecMapping? {
        if case .mapping(let mapping) = content { mapping } else { nil }
    }

    /// The elements here, or nil when something else is.
    package var sequence: [SpecTree]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The scalar here, or nil when something else is.
    package var scalar: SpecScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// The value of `key` when this is a mapping that has it.
    package subscript(key: String) -> SpecTree? { mapping?[key]?.value }

    /// The value as error texts name it.
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
package struct SpecMapping: Sendable {
    package struct Entry: Sendable {
        package var key: String
        /// The place of the key; its value has a place of its own.
        package var mark: SpecMark
        package var value: SpecTree

        package init(key: String, mark: SpecMark = .code, value: SpecTree) {
            self.key = key
            self.mark = mark
            self.value = value
        }
    }

    package var entries: [Entry]
    /// The entries if a choice (an enum with payloads) is decoded here, where a patch made that differ; see
    /// `SpecTree.patched(with:)`.
    var asChoice: [Entry]?

    package init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    package subscript(key: String) -> Entry? { entries.first { $0.key == key } }

    package var keys: [String] { entries.map(\.key) }
}

/// A scalar's text; only a plain one can be read as a number or a truth value.
package struct SpecScalar: Hashable, Sendable, CustomStringConvertible {
    package enum Style: Hashable, Sendable { case plain, quoted }

    package var text: String
    package var style: Style

    package init(_ text: String, style: Style = .plain) {
        self.text = text
        self.style = style
    }

    package var description: String { style == .plain ? text : "\"\(text)\"" }
}
