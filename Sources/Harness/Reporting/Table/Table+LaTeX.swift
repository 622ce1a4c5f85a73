import Specification

extension Table {
    /// The table as a LaTeX `tabular` with the rules of the package booktabs; notes stand under it; ends with a line break.
    ///
    /// Texts are printed literally: characters that LaTeX would read as a command are escaped. Numbers are set in
    /// text, ± in mathematics, so that no further package is needed.
    public var latex: String {
        let lettered = lettered(.unicode).mapped(Self.latexEscaped)
        let sides = columns.map { column in
            switch column.alignment {
            case .left: "l"
            case .right: "r"
            case .center: "c"
            }
        }.joined()
        func line(_ cells: [String]) -> String { "  " + cells.joined(separator: " & ") + " \\\\\n" }
        return "% \\usepackage{booktabs}\n\\begin{tabular}{\(sides)}\n  \\toprule\n" + line(lettered.titles)
            + "  \\midrule\n" + lettered.rows.map(line).joined() + "  \\bottomrule\n\\end{tabular}\n"
            + notes.map { "\n\\par\\footnotesize " + Self.latexEscaped($0) + "\n" }.joined()
    }

    private static func latexEscaped(_ text: String) -> String {
        text.onOneLine.map { character in
            switch character {
            case "\\": "\\textbackslash{}"
            case "~": "\\textasciitilde{}"
            case "^": "\\textasciicircum{}"
            case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
            // In text these are quotation marks of Spanish, or a dash.
            case "<": "$<$"
            case ">": "$>$"
            case "±": "$\\pm$"
            case "−": "$-$"
            case "·": "$\\cdot$"
            case "–": "--"
            // A row that begins with a bracket would be read as the argument of the line break before it.
            case "[": "{[}"
            case let other: String(other)
            }
        }.joined()
    }
}
