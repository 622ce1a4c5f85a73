import PlotTemplates
import Specification

/// A figure: numbers of records, and the template that draws them.
package struct Plot: Sendable {
    /// The name of its files, such as `frechetDistance-over-steps`.
    package let name: String
    package let template: PlotTemplate
    package let title: String
    /// The number of seeds, the statistic that is drawn, and what was left out.
    package let caption: String
    /// The titles of the axes, with units.
    package let xLabel, yLabel: String
    package let blocks: [Block]
    /// Variables of the template's own.
    package var settings: [(name: String, value: Setting)] = []
    /// In pixels.
    package var size = (width: 640, height: 400)

    /// Rows of numbers that a template draws as one object.
    package struct Block: Sendable {
        package let title: String
        package let rows: [[Value]]

        package init(_ title: String, _ rows: [[Value]]) { (self.title, self.rows) = (title, rows) }
    }

    package enum Value: Sendable, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
        case number(Double)
        case text(String)

        package init(floatLiteral value: Double) { self = .number(value) }
        package init(stringLiteral value: String) { self = .text(value) }
    }

    package enum Setting: Sendable {
        case number(Double)
        case text(String)
        case truth(Bool)
    }
}

extension Plot {
    /// The name of its files without their suffixes: `name` with "_" for each character that is not an ASCII letter,
    /// a digit or one of `._+-@=,`, and for a "." at its beginning. Names contain axes, which a record may give any
    /// name.
    var fileName: String {
        let letters = name.unicodeScalars.map { Self.fileLetters.contains($0) ? Character($0) : "_" }
        let file = String(letters.prefix(Self.longestFileName))
        return file.hasPrefix(".") ? "_" + file.dropFirst() : file
    }

    private static let fileLetters = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-@=,".unicodeScalars)
    /// Systems allow names of 255 bytes, of which suffixes take some.
    private static let longestFileName = 200

    /// The numbers in gnuplot's format: blocks with a title each, two empty lines between them.
    package var data: String {
        blocks.map { block in
            ([Self.quoted(block.title)] + block.rows.map { $0.map(\.text).joined(separator: " ") })
                .joined(separator: "\n")
        }.joined(separator: "\n\n\n") + "\n"
    }

    /// A text in the double quotes of a data file, in which a double quote cannot be escaped.
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
