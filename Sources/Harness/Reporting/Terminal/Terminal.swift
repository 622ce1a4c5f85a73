/// The two output streams and their style.
///
/// Data goes to standard output, progress and messages to standard error; each may be a terminal, a file or a pipe.
public enum Terminal {}

extension Terminal {
    /// The use of colour in text.
    public enum Style: Sendable, Hashable {
        case plain, coloured
    }

    /// The emphasis of a text.
    public enum Ink: Int, Sendable {
        // The raw values are ECMA-48's parameters of SGR.
        case bold = 1
        case faint = 2
        case red = 31
        case green = 32
        case yellow = 33
    }

    /// The characters that rules, bars and signs are drawn with.
    public enum Lettering: Sendable, Hashable {
        case unicode, ascii
    }
}

extension Terminal.Style {
    /// The style for one stream.
    ///
    /// The first that is set decides, a variable that is empty being not set: `NO_COLOR` (no-color.org) is plain;
    /// `FORCE_COLOR` is coloured, unless it is "0"; `TERM=dumb` is plain; else a terminal is coloured.
    ///
    /// - Parameter isTerminal: the stream to be written on is a terminal; the other stream does not count.
    public static func decided(environment: [String: String], isTerminal: Bool) -> Terminal.Style {
        if environment["NO_COLOR"]?.isEmpty == false { return .plain }
        if let force = environment["FORCE_COLOR"], !force.isEmpty { return force == "0" ? .plain : .coloured }
        if environment["TERM"] == "dumb" { return .plain }
        return isTerminal ? .coloured : .plain
    }

    /// The text in an ink, back to normal behind it; plain or empty text stays as it is.
    public func paint(_ text: String, _ ink: Terminal.Ink) -> String {
        switch self {
        case .plain: text
        case .coloured: text.isEmpty ? "" : "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
        }
    }
}

extension Terminal.Lettering {
    /// Unicode where the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty names UTF-8, else ASCII.
    public static func decided(environment: [String: String]) -> Terminal.Lettering {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let encoding = locale.lowercased()
        return encoding.contains("utf-8") || encoding.contains("utf8") ? .unicode : .ascii
    }

    var rule: String { self == .unicode ? "─" : "-" }
    var plusMinus: String { self == .unicode ? "±" : "+-" }
    var missing: String { self == .unicode ? "–" : "-" }
    var ellipsis: String { self == .unicode ? "…" : "..." }
    var barFull: String { self == .unicode ? "█" : "#" }
    var barEmpty: String { self == .unicode ? "░" : "-" }
}
