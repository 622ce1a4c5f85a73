import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import ablate

@Suite("The page of commands")
struct CommandsPageTests {
    /// The commands that help lists, those within others too.
    private static func commands(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        // A loop, as this compiler crashes on a key path through a metatype.
        var result: [any ParsableCommand.Type] = []
        for inner in command.configuration.subcommands where inner.configuration.shouldDisplay {
            result.append(inner)
            result += commands(of: inner)
        }
        return result
    }

    @Test("names every command with all of its options")
    func options() throws {
        let page = try String(contentsOfFile: Package.folder + "/Documentation/commands.md", encoding: .utf8)
        let commands = Self.commands(of: Ablate.self)
        #expect(commands.count > 15)
        for command in commands {
            let name = command.configuration.commandName ?? command._commandName
            #expect(page.contains("`\(name)") || page.contains(" \(name)"), "the command '\(name)'")
            let help = Ablate.helpMessage(for: command)
            for option in Set(help.matches(of: /(?:^|[^\w-])(--[a-z][a-z-]*)/).map { String($0.1) })
            where !["--help", "--version", "--logdir", "--account"].contains(option) {
                #expect(page.contains(option), "\(option) of '\(name)'")
            }
        }
    }
}
