import ArgumentParser
import Results

/// Prints the manual page, from the same texts as help: `make install` writes it.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page, for man.", shouldDisplay: false)

    func run() throws { Console.put(Self.page) }

    /// The page in the language of man(7).
    static var page: String {
        var lines = [
            ".TH ABLATE 1 \"\" \"Ablate \(Version.text)\" \"Ablate\"", ".SH NAME",
            "ablate \\- \(escaped(Ablate.configuration.abstract))", ".SH SYNOPSIS", ".B ablate", ".I command ...",
            ".SH DESCRIPTION",
        ]
        lines += verbatim(Ablate.helpMessage())
        lines.append(".SH COMMANDS")
        for command in Ablate.configuration.subcommands where command.configuration.shouldDisplay {
            lines.append(".SS \(command.configuration.commandName ?? command._commandName)")
            lines += verbatim(Ablate.helpMessage(for: command))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func verbatim(_ text: String) -> [String] {
        [".nf"] + text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) } + [".fi"]
    }

    /// A line of text: a backslash, and a dot or quote at its beginning, would be man's own.
    private static func escaped(_ line: String) -> String {
        let text = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }
}
