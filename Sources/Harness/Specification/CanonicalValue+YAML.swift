extension CanonicalValue {
    /// The order of a mapping's keys in text.
    package enum KeyOrder: Sendable { case declared, sorted }

    /// The value as YAML text in block style, lists of scalars on one line, with a line break at its end.
    ///
    /// Reading it back with `StrictDecoder` gives the value it was encoded from (with `nonFinite: .allowed` where it
    /// may contain `.inf` or `.nan`). Numbers are the shortest text that reads back to the same bits; text that YAML
    /// 1.1 or 1.2 could take for something else is quoted. One thing is lost: a byte order mark at the front of a
    /// string, which Foundation drops when the scalar is read.
    package func yaml(order: KeyOrder = .declared) -> String {
        var lines: [String] = []
        write(order, indent: "", first: "", into: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes the lines of a value; `first` is what the first line begins with (a key or a dash, indented).
    private func write(_ order: KeyOrder, indent: String, first: String, into lines: inout [String]) {
        switch self {
        case .mapping(var fields) where !fields.isEmpty:
            if order == .sorted { fields.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
            var prefix = first
            if first.last == ":" {
                lines.append(first)
                prefix = indent
            }
            for field in fields {
                field.value.write(
                    order, indent: indent + "  ", first: "\(prefix)\(Self.text(field.name)):", into: &lines)
                prefix = indent
            }
        case .sequence(let elements) where !elements.allSatisfy(\.isScalar):
            if !first.isEmpty { lines.append(first.last == ":" ? first : String(first.dropLast())) }
            for element in elements {
                element.write(order, indent: indent + "  ", first: "\(indent)- ", into: &lines)
            }
        default:
            lines.append(first + (first.last == ":" ? " " : "") + summary)
        }
    }

    private var isScalar: Bool {
        switch self {
        case .mapping, .sequence: false
        default: true
        }
    }

    /// A scalar's text; a mapping or sequence has none.
    var scalarText: String {
        switch self {
        case .mapping, .sequence: preconditionFailure("canonical value: not a scalar")
        case .string(let text): Self.text(text)
        case .int(let number): "\(number)"
        case .double(let number): Self.text(number)
        case .float(let number): Self.text(number)
        case .bool(let truth): truth ? "true" : "false"
        case .null: "~"
        }
    }

    private static func text<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ number: Number) -> String {
        if number.isNaN { return ".nan" }
        if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
        let text = number.description
        // YAML 1.1 takes 1e-07 for a word: its numbers with an exponent have a point.
        guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }

    /// A string's text: plain when it can be nothing but a word, else in double quotes.
    static func text(_ string: String) -> String {
        let isWord =
            string.first.map { $0.isASCII && $0.isLetter } == true
            && string.utf8.allSatisfy { isWordByte($0) } && !otherMeanings.contains(string.lowercased())
        return isWord ? string : quoted(string)
    }

    private static let otherMeanings: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "inf", "nan",
    ]

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "/"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case " "..."~": text.unicodeScalars.append(scalar)
            case "\u{A0}"..."\u{D7FF}" where scalar != "\u{2028}" && scalar != "\u{2029}":
                text.unicodeScalars.append(scalar)
            default:
                let hex = String(scalar.value, radix: 16, uppercase: true)
                text += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
            }
        }
        return text + "\""
    }
}
