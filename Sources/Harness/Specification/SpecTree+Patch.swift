extension SpecTree {
    /// The tree with a patch laid over it.
    ///
    /// - A mapping over a mapping merges key by key; any other value replaces the one that was there.
    /// - A dotted key sets the value at that path and leaves its neighbours: `student.optimization.steps: 3`.
    /// - `~` removes a key: a null entry is decoded as one that is absent (and a misspelt one is still unknown).
    /// - `!replace` before a value replaces the whole mapping that was there.
    /// - One key over one other key, as in `method: {meanFlow: …}` over `method: {freeflow: …}`, could add a setting
    ///   or change a case. Only the type that is decoded there decides, so both readings are stored: a choice (an
    ///   enum with payloads) changes its case, a record gains a key. A dotted key never changes a case: its path must
    ///   exist.
    package func patched(with patch: SpecTree) throws(SpecError) -> SpecTree {
        guard case .mapping(let new) = patch.content, patch.merging == .byKey else {
            return SpecTree(patch.content, mark: patch.mark)
        }
        guard case .mapping(let old) = content else {
            return try SpecTree(.mapping(SpecMapping()), mark: patch.mark).patched(mapping: SpecMapping(), with: new)
        }
        return try patched(mapping: old, with: new)
    }

    /// The tree with the value at a dotted path set, mappings on the way created where they are missing. A tree that
    /// is itself a patch patches as before: `!replace` on the way stays, and comes with the value. A `*` on the way
    /// stands for the one key that is there, such as the case of a choice, whichever that is.
    /// - Throws: when a value on the way is not a mapping, or was removed; when a `*` stands for none or several
    ///   keys.
    package func setting(_ path: String, to value: SpecTree, mark: SpecMark = .code) throws(SpecError) -> SpecTree {
        let keys = path.split(separator: ".", omittingEmptySubsequences: false)
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw SpecError(mark, "'\(path)' is not a key path", allowed: "names with single dots between them")
        }
        return try setting(keys[...], to: value, path: path, mark: mark)
    }

    /// The tree with a setting `path=value` of the command line; the value is read as YAML.
    package func setting(_ assignment: String) throws(SpecError) -> SpecTree {
        guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
            throw SpecError(.setting(assignment), "not a setting", found: assignment, allowed: "path=value")
        }
        let path = String(assignment[..<equals])
        let value = try SpecTree(yaml: String(assignment[assignment.index(after: equals)...]), setting: assignment)
        return try setting(path, to: value, mark: .setting(assignment))
    }

    private func patched(mapping old: SpecMapping, with new: SpecMapping) throws(SpecError) -> SpecTree {
        var result = old
        result.entries = try Self.merged(old.entries, with: new.entries)
        let before = old.asChoice ?? old.entries
        if before.count == 1, new.entries.count == 1, before[0].key != new.entries[0].key, !new.entries[0].isDotted {
            result.asChoice = try Self.merged([], with: new.entries)
        } else if let choice = old.asChoice {
            result.asChoice = try Self.merged(choice, with: new.entries)
        }
        return SpecTree(.mapping(result), mark: mark)
    }

    private static func merged(
        _ old: [SpecMapping.Entry], with new: [SpecMapping.Entry]
    ) throws(SpecError) -> [SpecMapping.Entry] {
        var result = old
        for entry in new {
            if entry.isDotted {
                let tree = SpecTree(.mapping(SpecMapping(result)), mark: entry.mark)
                let value = SpecTree(entry.value.content, mark: entry.value.mark)
                result = try tree.setting(entry.key, to: value, mark: entry.mark).mapping!.entries
            } else if let index = result.firstIndex(where: { $0.key == entry.key }) {
                result[index].value = try result[index].value.patched(with: entry.value)
                result[index].mark = entry.mark
            } else {
                let empty = SpecTree(.null, mark: entry.mark)
                result.append(.init(key: entry.key, mark: entry.mark, value: try empty.patched(with: entry.value)))
            }
        }
        return result
    }

    private func setting(
        _ keys: ArraySlice<Substring>, to value: SpecTree, path: String, mark setter: SpecMark
    ) throws(SpecError) -> SpecTree {
        guard let key = keys.first else { return value }
        guard case .mapping(var mapping) = content else {
            let way = path.split(separator: ".").dropLast(keys.count).joined(separator: ".")
            let found = isNull ? "\(way) is ~ (taken away at \(mark))" : "\(way) is \(summary)"
            throw SpecError(
                setter, "cannot set \(path)", found: found, allowed: "a mapping at \(way.isEmpty ? "the top" : way)")
        }
        let present = mapping.asChoice ?? mapping.entries
        guard key != "*" || present.count == 1 else {
            throw SpecError(
                setter, "cannot set \(path)", found: "\(present.count) keys where * stands", allowed: "one key there")
        }
        let name = key == "*" ? present[0].key : String(key)
        func set(_ entries: [SpecMapping.Entry]) throws(SpecError) -> [SpecMapping.Entry] {
            var entries = entries
            if let index = entries.firstIndex(where: { $0.key == name }) {
                entries[index].value = try entries[index].value
                    .setting(keys.dropFirst(), to: value, path: path, mark: setter)
            } else {
                let inner = SpecTree(.mapping(SpecMapping()), mark: setter)
                let made = try inner.setting(keys.dropFirst(), to: value, path: path, mark: setter)
                entries.append(.init(key: name, mark: setter, value: made))
            }
            return entries
        }
        mapping.entries = try set(mapping.entries)
        if let choice = mapping.asChoice { mapping.asChoice = try set(choice) }
        return SpecTree(.mapping(mapping), mark: mark, merging: merging)
    }
}

extension SpecMapping.Entry {
    /// The key is a path of several keys.
    package var isDotted: Bool { key.utf8.contains(UInt8(ascii: ".")) }
}
