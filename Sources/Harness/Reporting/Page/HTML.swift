import Foundation
import Specification

/// A part of a page. Text becomes one only by `init(text:)` or in an interpolation, both of which escape it.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// The source.
    let source: String

    /// Text as it is read: nothing in it is markup.
    init(text: String) {
        source = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            // Control characters are no part of a page, but for those that divide lines and words.
            case "\n", "\t": String(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": "\u{FFFD}"
            case let scalar where scalar.isDirectionMark: "\u{FFFD}"
            default: String(scalar)
            }
        }.joined()
    }

    /// Markup of this program's own.
    init(markup: String) { source = markup }

    init(stringLiteral value: String) { source = value }
    init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

    /// Literal parts are markup, interpolated ones are text or other parts.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        init(literalCapacity: Int, interpolationCount: Int) {}
        mutating func appendLiteral(_ literal: String) { source += literal }
        mutating func appendInterpolation(_ text: String) { source += HTML(text: text).source }
        mutating func appendInterpolation(_ number: Int) { source += "\(number)" }
        mutating func appendInterpolation(_ piece: HTML) { source += piece.source }
        mutating func appendInterpolation(_ pieces: [HTML]) { source += pieces.map(\.source).joined(separator: "\n") }
    }

    /// An image that is part of the page.
    /// - Parameter type: "svg+xml" or "png".
    static func image(_ bytes: Data, type: String, alternative: String) -> HTML {
        let data = HTML(markup: bytes.base64EncodedString())
        return "<img src=\"data:image/\(HTML(markup: type));base64,\(data)\" alt=\"\(alternative)\">"
    }
}
