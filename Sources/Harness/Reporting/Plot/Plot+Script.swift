import PlotTemplates
import Specification

extension Plot {
    /// A file that a figure is drawn into.
    package enum Medium: String, Sendable, CaseIterable {
        case svg, png

        /// Fonts are those that every system with fontconfig has something for.
        fileprivate func terminal(_ size: (width: Int, height: Int)) -> String {
            switch self {
            case .svg: "svg noenhanced size \(size.width),\(size.height) font 'sans-serif,12' background '#FFFFFF'"
            // Twice as many pixels, for print.
            case .png:
                "pngcairo noenhanced size \(2 * size.width),\(2 * size.height) font 'sans-serif,12' fontscale 2 "
                    + "linewidth 2 pointscale 2"
            }
        }
    }

    /// The commands that draw the data file into a file for each medium.
    /// - Parameters:
    ///   - dataFile: absolute or beginning with "./", as are the names in `files`: gnuplot takes other first letters for commands.
    ///   - templates: the text of each.
    func script(dataFile: String, files: [(Medium, String)], templates: (PlotTemplate) throws -> String) rethrows
        -> String
    {
        let common: [(name: String, value: Setting)] = [
            ("data", .text(dataFile)), ("title", .text(title)), ("caption", .text(caption)),
            ("xlabel", .text(xLabel)), ("ylabel", .text(yLabel)), ("series", .number(Double(blocks.count))),
            ("xlog", .truth(false)), ("ylog", .truth(false)), ("floor", .number(.nan)), ("floortitle", .text("")),
            ("nonnegative", .truth(isNonnegative)),
        ]
        var lines = (common + settings).map { "\($0.name) = \($0.value.text)" }
        for (medium, file) in files {
            lines += ["reset", "set terminal \(medium.terminal(size))", "set output \(Setting.text(file).text)"]
            lines += [try templates(.style), try templates(template), "unset output"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Plot {
    /// No point lies left of 0.
    private var isNonnegative: Bool {
        blocks.flatMap(\.rows).allSatisfy { row in
            guard case .number(let x)? = row.first else { return false }
            return !(x < 0)
        }
    }
}

extension Plot.Setting {
    /// The setting in gnuplot's syntax. In single quotes nothing is special but the quote: no backquotes, no escapes
    /// and no macros, all of which could run commands. The text has no line breaks, after which a command could
    /// begin. A quote is written as its number between texts without one: doubled at the beginning of a text it would
    /// end it (gnuplot 5.4), and within double quotes macros are expanded.
    fileprivate var text: String {
        switch self {
        case .number(let number):
            // A whole number where there is one: some commands take no other.
            number.isFinite ? (Int(exactly: number).map(String.init) ?? number.description) : "NaN"
        case .truth(let truth): truth ? "1" : "0"
        case .text(let text):
            // By scalars: a quote and an accent behind it are one Character.
            text.onOneLine.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
                .map { "'\(String($0))'" }.joined(separator: ".sprintf('%c',39).")
        }
    }
}
