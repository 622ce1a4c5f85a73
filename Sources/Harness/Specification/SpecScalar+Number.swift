extension SpecScalar {
    /// The result of reading a scalar as a number.
    package enum Reading<Number> {
        case number(Number)
        case outOfRange
        case notANumber
    }

    /// Reads `true` and `false`, and nothing else: not `yes`, `no`, `on`, `off` of older YAML.
    var bool: Bool? {
        guard style == .plain else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: return nil
        }
    }

    /// Reads a whole number: decimal digits with an optional sign and no leading zero (older YAML read `010` as eight),
    /// or a decimal number without a fraction such as `1e3` or `3.0`.
    func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Reading<Number> {
        guard style == .plain, let form = NumberForm(text), form != .nonFinite else { return .notANumber }
        if form == .whole { return Number(text).map { .number($0) } ?? .outOfRange }
        // Above 2^53 a decimal number may stand for a neighbour of the whole number that was meant.
        guard let value = Double(text), value == value.rounded() else { return .notANumber }
        guard abs(value) <= 0x1p53, let number = Number(exactly: value) else { return .outOfRange }
        return .number(number)
    }

    /// Reads a decimal number with optional fraction and exponent, rounded to nearest; `inf`, `-inf` and `nan` (also
    /// with a leading dot) only when `nonFinite` allows them.
    package func floating<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: Number.Type, nonFinite: StrictDecoder.NonFinite
    ) -> Reading<Number> {
        guard style == .plain, let form = NumberForm(text) else { return .notANumber }
        if form == .nonFinite {
            guard nonFinite == .allowed else { return .notANumber }
            return Number(text.replacing(".", with: "")).map { .number($0) } ?? .notANumber
        }
        guard let value = Number(text) else { return .notANumber }
        return value.isFinite ? .number(value) : .outOfRange
    }
}

/// The shape of a number's text.
enum NumberForm {
    case whole
    case decimal
    case nonFinite

    init?(_ text: String) {
        var text = text[...]
        if let sign = text.utf8.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { text.removeFirst() }
        if [".inf", "inf", ".nan", "nan"].contains(text) {
            self = .nonFinite
            return
        }
        var digits = 0
        var fraction = 0
        var rest = text.utf8[...]
        let isLeadingZero = rest.first == UInt8(ascii: "0") && rest.dropFirst().first.map(Self.isDigit) == true
        while let byte = rest.first, Self.isDigit(byte) { (digits, rest) = (digits + 1, rest.dropFirst()) }
        var form = NumberForm.whole
        if rest.first == UInt8(ascii: ".") {
            form = .decimal
            rest = rest.dropFirst()
            while let byte = rest.first, Self.isDigit(byte) { (fraction, rest) = (fraction + 1, rest.dropFirst()) }
        }
        guard digits + fraction > 0, !isLeadingZero else { return nil }
        if let byte = rest.first, byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            form = .decimal
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard !rest.isEmpty, rest.allSatisfy(Self.isDigit) else { return nil }
            rest = rest.suffix(0)
        }
        guard rest.isEmpty else { return nil }
        self = form
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
