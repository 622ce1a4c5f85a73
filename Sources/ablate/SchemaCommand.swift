import ArgumentParser
import Foundation
import Storage
import Study

/// Prints the schema of study files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of study files, for editors.",
        discussion: """
            An editor with a YAML language server completes and checks a study whose first line is \
            # yaml-language-server: $schema=PATH, as ablate init writes it. What only values together decide is checked by \
            ablate plan.
            """)

    func run() throws {
        try Exit.translating { Console.give(try StudySchema.json()) }
    }
}

extension SchemaCommand {
    /// The file beside a study that its first line names: a path that is the same for everyone who has both.
    static let fileName = "ablate.schema.json"

    /// Writes the schema beside a study; a file of this name that is no schema of this program stays as it is.
    static func leave() throws {
        let text = try StudySchema.json() + "\n"
        if let found = FileManager.default.contents(atPath: fileName) {
            guard found != Data(text.utf8), String(decoding: found, as: UTF8.self).contains(StudySchema.title) else {
                return
            }
        }
        try AtomicFile.write(Array(text.utf8), to: fileName)
    }
}
