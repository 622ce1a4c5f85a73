import PlotTemplates
import Specification

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
    /// The numbers as gnuplot reads them: blocks with a title each, two empty lines between them.
    public var data: String {
        blocks.map { block in
            ([Self.quoted(block.title)] + block.rows.map { $0.map(\.text).joined(separator: " ") })
                .joined(separator: "\n")
        }.joined(separator: "\n\n\n") + "\n"
    }

    /// A text in the double quotes of a data file, which knows no escape for one.
    fileprivate static func quoted(_ text: String) -> String {
        "\"" + text.onOneLine.map { $0 == "\"" ? "'" : String($0) }.joined() + "\""
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
