/// A key that a mapping lacks.
struct MissingKey {
    let name: String
    let trail: KeyTrail
    let node: SpecTree
}

extension SchemaProbe {
    /// Every key that a tree lacks for a value of a type, in all of its mappings.
    func missingKeys<Value: Decodable>(of type: Value.Type, in tree: SpecTree, at trail: KeyTrail) -> [MissingKey] {
        missing(schema(of: type), in: tree, at: trail)
    }

    private func missing(_ schema: SpecSchema, in tree: SpecTree, at trail: KeyTrail) -> [MissingKey] {
        switch schema {
        case .reference(let name): return definitions[name].map { missing($0, in: tree, at: trail) } ?? []
        case .object(let keys): return missing(keys, in: tree, at: trail)
        case .choice(let cases):
            let present = tree.mapping?.choiceEntries ?? []
            guard present.count == 1, let known = cases.first(where: { $0.name == present[0].key }) else { return [] }
            return missing(known.schema, in: present[0].value, at: trail.appending(known.name))
        case .anyOf(let schemas):
            // The form that was begun: the one that knows all of the keys, and lacks the fewest.
            let written = Set((tree.mapping?.entries ?? []).filter { !$0.value.isNull }.map(\.key))
            let begun = schemas.compactMap { schema -> [MissingKey]? in
                guard case .object(let keys) = schema, written.isSubset(of: keys.map(\.name)) else { return nil }
                return missing(keys, in: tree, at: trail)
            }
            return begun.min { $0.count < $1.count } ?? []
        case .words, .text, .truth, .integer, .number, .sequence, .table, .anything: return []
        }
    }

    private func missing(_ keys: [SpecSchema.Key], in tree: SpecTree, at trail: KeyTrail) -> [MissingKey] {
        guard let mapping = tree.mapping else { return [] }
        return keys.flatMap { key -> [MissingKey] in
            guard let value = mapping[key.name]?.value, !value.isNull else {
                return key.isRequired ? [MissingKey(name: key.name, trail: trail, node: tree)] : []
            }
            return missing(key.schema, in: value, at: trail.appending(key.name))
        }
    }
}

extension SpecError {
    /// The same error with an issue for every key that the tree lacks, where one was missing.
    package func completed<Value: Decodable>(
        for type: Value.Type, in tree: SpecTree, at root: String
    ) -> SpecError {
        guard issues.contains(where: { $0.problem.hasPrefix("missing key ") }) else { return self }
        let all = SchemaProbe().missingKeys(of: type, in: tree, at: KeyTrail(root: root)).map { key in
            let keys = key.node.mapping?.keys.joined(separator: ", ") ?? ""
            return SpecIssue(
                key.node.mark, "missing key '\(key.name)' in \(key.trail.place)", found: keys.isEmpty ? "no keys" : keys
            )
        }
        let known = Set(issues.map(\.problem))
        return SpecError(issues + all.filter { !known.contains($0.problem) })
    }
}
