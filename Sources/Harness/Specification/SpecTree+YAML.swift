import Yams

extension SpecTree {
    /// Reads one YAML document.
    ///
    /// Refused, each with its place: syntax errors, a second document, duplicate keys, keys that are not words, a key
    /// with nothing after it (write `~` for none), and syntax that hides the place of a value: anchors, aliases,
    /// merge keys `<<`, and tags other than `!replace`.
    /// - Parameter file: the name to put in front of each place.
    package init(yaml: String, file: String) throws(SpecError) {
        try self.init(yaml: yaml, reader: YAMLReader { .file(file, line: $0, column: $1) })
    }

    /// Reads a value of the command line, whose every part is placed at the setting it came in.
    init(yaml: String, setting: String) throws(SpecError) {
        try self.init(yaml: yaml, reader: YAMLReader { _, _ in .setting(setting) })
    }

    private init(yaml: String, reader: YAMLReader) throws(SpecError) {
        do {
            // Nodes hold their anchors weakly: the parser must outlive the walk for anchors to be seen. The basic
            // resolver takes every scalar for text, where the default one follows YAML 1.1.
            let parser = try Parser(yaml: yaml, resolver: .basic, encoding: .utf8)
            self = try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    throw SpecError(reader.place(1, 1), "nothing is written here")
                }
                return try reader.tree(root)
            }
        } catch let error as YamlError {
            throw reader.issue(error)
        } catch let error as SpecError {
            throw error
        } catch {
            preconditionFailure("YAML: undeclared error \(error)")
        }
    }
}

/// Turns composed YAML nodes into trees.
private struct YAMLReader {
    /// The mark of a line and a column.
    let place: (Int, Int) -> SpecMark

    private static let stringTag = "tag:yaml.org,2002:str"

    func tree(_ node: Node) throws(SpecError) -> SpecTree {
        let mark = place(of: node)
        if node.anchor != nil {
            throw SpecError(
                mark, "anchors and aliases are not used in a spec",
                allowed: "the value itself, at each place it is used")
        }
        switch node {
        case .scalar(let scalar): return try tree(scalar, mark)
        case .mapping(let mapping): return try tree(mapping, mark)
        case .sequence(let sequence):
            var elements: [SpecTree] = []
            for element in sequence {
                if case .scalar(let scalar) = element, isMissing(scalar) {
                    throw SpecError(place(of: element), "nothing is written for an element", allowed: "a value, or ~")
                }
                elements.append(try tree(element))
            }
            return SpecTree(.sequence(elements), mark: mark, merging: try merging(sequence.tag, mark))
        case .alias:
            throw SpecError(mark, "anchors and aliases are not used in a spec")
        }
    }

    private func tree(_ scalar: Node.Scalar, _ mark: SpecMark) throws(SpecError) -> SpecTree {
        let isPlain = scalar.style == .plain
        let tag = scalar.tag.rawValue
        let isImplied = isPlain ? tag == Tag.Name.implicit.rawValue : tag == Self.stringTag
        let merging = isImplied ? SpecTree.Merging.byKey : try merging(scalar.tag, mark)
        if isPlain, scalar.string == "~" || scalar.string == "null" {
            return SpecTree(.null, mark: mark, merging: merging)
        }
        let content = SpecScalar(scalar.string, style: isPlain ? .plain : .quoted)
        return SpecTree(.scalar(content), mark: mark, merging: merging)
    }

    private func tree(_ mapping: Node.Mapping, _ mark: SpecMark) throws(SpecError) -> SpecTree {
        var entries: [SpecMapping.Entry] = []
        for (key, value) in mapping {
            let name = try name(key)
            let keyMark = place(of: key)
            if entries.contains(where: { $0.key == name }) {
                throw SpecError(keyMark, "key '\(name)' is written more than once in one mapping")
            }
            if case .scalar(let scalar) = value, isMissing(scalar) {
                throw SpecError(keyMark, "nothing is written for key '\(name)'", allowed: "a value, or ~ for none")
            }
            entries.append(.init(key: name, mark: keyMark, value: try tree(value)))
        }
        return SpecTree(.mapping(SpecMapping(entries)), mark: mark, merging: try merging(mapping.tag, mark))
    }

    private func name(_ key: Node) throws(SpecError) -> String {
        let mark = place(of: key)
        guard case .scalar(let scalar) = key, !isMissing(scalar) else {
            throw SpecError(mark, "a key must be a word")
        }
        if scalar.style == .plain, scalar.string == "<<" {
            throw SpecError(mark, "merge keys are not used in a spec", allowed: "the keys themselves")
        }
        if scalar.style == .plain, scalar.string == "~" || scalar.string == "null" {
            throw SpecError(mark, "a key must be a word")
        }
        if key.anchor != nil { _ = try tree(key) }
        // Comparing keys has resolved their tags: only a foreign tag differs from none.
        if scalar.tag.rawValue != Self.stringTag { _ = try merging(scalar.tag, mark) }
        return scalar.string
    }

    private func isMissing(_ scalar: Node.Scalar) -> Bool { scalar.style == .plain && scalar.string.isEmpty }

    private func merging(_ tag: Tag, _ mark: SpecMark) throws(SpecError) -> SpecTree.Merging {
        switch tag.rawValue {
        case Tag.Name.implicit.rawValue: return .byKey
        case "!replace": return .replacing
        case let other:
            throw SpecError(mark, "unknown tag", found: other, allowed: "!replace, in a patch")
        }
    }

    private func place(of node: Node) -> SpecMark { node.mark.map(place(at:)) ?? place(1, 1) }

    private func place(at mark: Mark) -> SpecMark { place(mark.line, mark.column) }

    /// A parser's error with its place.
    func issue(_ error: YamlError) -> SpecError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let text = context.map { "\($0.text), \(problem)" } ?? problem
            return SpecError(place(at: mark), "not valid YAML: \(text)")
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.prefix(offset ?? 0).split(separator: "\n", omittingEmptySubsequences: false)
            let column = (before.last?.unicodeScalars.count ?? 0) + 1
            return SpecError(place(max(1, before.count), column), "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context):
            let keys = names.sorted().map { "'\($0)'" }.joined(separator: ", ")
            return SpecError(place(at: context.mark), "key \(keys) is written more than once in one mapping")
        default:
            return SpecError(place(1, 1), "not valid YAML: \(error)")
        }
    }
}
