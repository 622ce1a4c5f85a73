import PlotTemplates

/// A figure: numbers of records, and the template that draws them.
public struct Plot: Sendable {
    /// Of its files, such as `frechetDistance-over-steps`.
    public let name: String
    public let template: PlotTemplate
    public let title: String
    /// How many seeds, what is drawn of them, what was left out.
    public let caption: String
    /// With their units.
    public let xLabel, yLabel: String
    public let blocks: [Block]
    /// Variables of the template's own.
    public var settings: [(name: String, value: Setting)] = []
    /// In pixels.
    public var size = (width: 640, height: 400)

    /// Rows of numbers that a template draws as one thing.
    public struct Block: Sendable {
        public let title: String
        public let rows: [[Value]]

        public init(_ title: String, _ rows: [[Value]]) { (self.title, self.rows) = (title, rows) }
    }

    public enum Value: Sendable, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
        case number(Double)
        case text(String)

        public init(floatLiteral value: Double) { self = .number(value) }
        public init(stringLiteral value: String) { self = .text(value) }
    }

    public enum Setting: Sendable {
        case number(Double)
        case text(String)
        case truth(Bool)
    }
}

extension Plot {
    /// The name of its files without their suffixes: `name` with "_" for each character that is not an ASCII letter, a digit or
    /// one of `._+-@=,`, and for a "." at its beginning. Names are made of axes, which a record may call anything.
    var fileName: String {
        let letters = name.unicodeScalars.map { Self.fileLetters.contains($0) ? Character($0) : "_" }
        let file = String(letters.prefix(Self.longestFileName))
        return file.hasPrefix(".") ? "_" + file.dropFirst() : file
    }

    private static let fileLetters = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-@=,".unicodeScalars)
    /// Systems allow names of 255 bytes, of which suffixes take some.
    private static let longestFileName = 200

    /// The numbers as gnuplot reads them: blocks with a title each, two empty lines between them.
    public var data: String {
        blocks.map { block in
            ([Self.quoted(block.title)] + block.rows.map { $0.map(\.text).joined(separator: " ") })
                .joined(separator: "\n")
        }.joined(separator: "\n\n\n") + "\n"
    }

    /// A text in the double quotes of a data file, which knows no escape for one.
    fileprivate static func quoted(_ text: String) -> String {
        let scalars = text.onOneLine.unicodeScalars.map { $0 == "\"" ? "'" : $0 }
        return "\"\(String(String.UnicodeScalarView(scalars)))\""
    }
}

extension Plot.Value {
    fileprivate var text: String {
        switch self {
        case .number(let number): number.isFinite ? number.description : "NaN"
        case .text(let text): Plot.quoted(text)
        }
    }
}
