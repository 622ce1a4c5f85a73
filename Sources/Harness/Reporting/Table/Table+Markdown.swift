import Specification

extension Table {
    /// The table as GitHub writes tables in Markdown, its source set in columns; ends with a line break.
    ///
    /// Texts are printed literally: characters that Markdown would read as markup are escaped, and a line break
    /// becomes `<br>`.
    public var markdown: String {
        let lettered = lettered(.unicode).mapped(Self.escaped)
        // A rule is at least three wide: two dashes and the colon of the alignment.
        let widths = lettered.widths().map { max($0, 3) }
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        func row(_ cells: [String]) -> String {
            line(zip(zip(cells, columns), widths).map { $0.0.padded(to: $1, $0.1.alignment) })
        }
        let rule = zip(columns, widths).map { column, width in
            switch column.alignment {
            case .left: ":" + String(repeating: "-", count: width - 1)
            case .right: String(repeating: "-", count: width - 1) + ":"
            case .center: ":" + String(repeating: "-", count: width - 2) + ":"
            }
        }
        let notes = notes.map { "\n" + Self.escaped($0) + "\n" }
        return row(lettered.titles) + line(rule) + (lettered.rows.map(row) + notes).joined()
    }

    /// A text that Markdown prints literally.
    static func escaped(_ text: String) -> String {
        let characters = Array(text.withoutControls)
        func isWordPart(_ index: Int) -> Bool {
            characters.indices.contains(index) && (characters[index].isLetter || characters[index].isNumber)
        }
        return characters.indices.map { index -> String in
            switch characters[index] {
            case let character where character.isNewline: "<br>"
            case let character where "\\|`*<>[]~&$".contains(character): "\\\(character)"
            // Inside a word, as in batch_size, it is no markup.
            case "_" where !(isWordPart(index - 1) && isWordPart(index + 1)): "\\_"
            case let character: String(character)
            }
        }.joined()
    }
}
