extension SpecTree {
    /// The tree as YAML that reads back to it: mappings in block style, lists on one line.
    ///
    /// A scalar keeps its text. One that was written without quotes gets them where it could not stand without them in every
    /// place, which is never so for a number.
    package func yaml() -> String {
        var lines: [String] = []
        write(under: "", indent: "", into: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private func write(under key: String, indent: String, into lines: inout [String]) {
        guard let mapping, !mapping.entries.isEmpty else {
            lines.append(key.isEmpty ? flow : "\(key) \(flow)")
            return
        }
        if !key.isEmpty { lines.append(key + tag) }
        let inner = key.isEmpty ? indent : indent + "  "
        for entry in mapping.entries { entry.value.write(under: "\(inner)\(entry.key):", indent: inner, into: &lines) }
    }

    private var tag: String {
        switch merging {
        case .byKey: ""
        case .replacing: " !replace"
        }
    }

    /// The value on one line.
    private var flow: String {
        switch content {
        case .null: "~"
        case .scalar(let scalar): scalar.quotedWhereNeeded
        case .sequence(let elements): "[\(elements.map(\.flow).joined(separator: ", "))]"
        case .mapping(let mapping):
            "\(tag.isEmpty ? "" : "!replace "){\(mapping.entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", "))}"
        }
    }
}

extension SpecScalar {
    /// The text as it can stand anywhere in YAML.
    fileprivate var quotedWhereNeeded: String {
        let isWord =
            !text.isEmpty && text.first != " " && text.last != " " && !text.hasPrefix("- ") && text != "-"
            && text.unicodeScalars.allSatisfy { Self.wordLetters.contains($0) }
        guard style == .quoted || !isWord else { return text }
        var result = "\""
        for letter in text.unicodeScalars {
            switch letter {
            case "\"", "\\": result += "\\\(letter)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case let control where control.value < 32:
                result += "\\x" + (control.value < 16 ? "0" : "") + String(control.value, radix: 16)
            default: result.unicodeScalars.append(letter)
            }
        }
        return result + "\""
    }

    /// The characters of numbers and names.
    private static let wordLetters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/ ".unicodeScalars)
}
