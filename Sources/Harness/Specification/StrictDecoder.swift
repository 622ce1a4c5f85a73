import FlowMaps

/// Decodes `Decodable` types from a specification and accepts nothing that it does not understand.
///
/// - A key that the type does not request is unknown; all unknown keys of a mapping are reported at once.
/// - A scalar is read as the requested type: `true`/`false`, decimal whole numbers (also `1e3` and `3.0`), decimal
///   numbers, or any text as a string. Quoted text is only ever a string.
/// - `~` is an absent key.
/// - A key that had another name in an earlier version is refused with the new one, before other errors of its
///   mapping.
/// - A choice (an enum with payloads) is a mapping of one key, its case; a case without payload, or with nothing
///   required in it, may be written as the bare name. A case with one unlabelled payload holds it directly: `mlp:
///   {width: 64}` for `.mlp(MLP(width: 64))`.
/// - `Validated` values check their ranges as soon as they are complete.
///
/// An enum whose `CodingKeys` (or which itself, with raw values) is `CaseIterable` has its cases listed in errors.
package struct StrictDecoder: Sendable {
    /// The treatment of `inf`, `-inf` and `nan`: refused in a study, allowed in a record.
    package enum NonFinite: Sendable { case refused, allowed }

    package var nonFinite: NonFinite
    /// The folder that relative paths are relative to; nil for that of the file.
    package var folder: String?
    /// The store of decoded parts, for many trees that share mappings.
    package var parts: DecodedParts?

    package init(nonFinite: NonFinite = .refused) {
        self.nonFinite = nonFinite
    }

    /// Decodes the whole tree.
    /// - Parameter root: the name of the tree in key paths; empty for a document.
    /// - Throws: `SpecError` with the place and key path of the error.
    package func decode<Value: Decodable>(
        _ type: Value.Type, from tree: SpecTree, at root: String = ""
    ) throws(SpecError) -> Value {
        try value(type, of: tree, at: KeyTrail(root: root))
    }

    func value<Value: Decodable>(
        _ type: Value.Type, of node: SpecTree, at trail: KeyTrail
    ) throws(SpecError) -> Value {
        if let known = parts?.value(type, of: node) { return known }
        let decoder = NodeDecoder(node: node, trail: trail, strictness: self)
        let value: Value
        do {
            value = try Value(from: decoder)
        } catch let error as SpecError {
            throw error
        } catch let error as DecodingError {
            throw decoder.failure ?? decoder.issue(error, decoding: type)
        } catch let violation as Violation {
            throw Self.issue(violation, in: node, at: trail)
        } catch {
            throw SpecError(node.mark, "wrong value for \(trail.place)", found: node.summary, notes: ["\(error)"])
        }
        try decoder.checkUnknownKeys()
        if !Breakage.bound.isOn, type is any Validated.Type, let validated = value as? any Validated {
            do throws(Violation) { try validated.validate() } catch { throw Self.issue(error, in: node, at: trail) }
        }
        parts?.keep(value, of: node)
        return value
    }

    /// A violation with the place and the path of the key it names.
    package static func issue(_ violation: Violation, in node: SpecTree, at trail: KeyTrail) -> SpecError {
        var (node, trail) = (node, trail)
        for key in (violation.key ?? "").split(separator: ".").map(String.init) {
            if node[key] == nil, let entries = node.mapping?.choiceEntries, entries.count == 1,
                node.mapping?.asChoice != nil || entries[0].value[key] != nil
            {
                // The keys of a choice lie in the mapping of its case; a mapping that lacks the key may have one entry too.
                (node, trail) = (entries[0].value, trail.appending(entries[0].key))
            }
            trail = trail.appending(key)
            if let inner = node[key] { node = inner }
        }
        return SpecError(
            node.mark, "wrong value for \(trail.place)", found: violation.found, allowed: violation.allowed)
    }
}

extension SpecMapping {
    /// The entries a choice is decoded from: the ones not taken away with `~`.
    var choiceEntries: [Entry] { (asChoice ?? entries).filter { !$0.value.isNull } }
}
