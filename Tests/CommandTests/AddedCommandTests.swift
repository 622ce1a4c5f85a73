import ArgumentParser
import Testing

@testable import ablate

@Suite("A command that is added")
struct AddedCommandTests {
    /// A command that only this test has.
    private struct Toy: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "count", abstract: "Count the toys.")
    }

    @Test("is found by its name, in the help, in the manual page and in the completions")
    func everywhere() throws {
        func texts() -> [String] {
            [Ablate.helpMessage(), ManualCommand.page]
                + CompletionShell.allCases.map { Ablate.completionScript(for: $0) }
        }
        #expect(texts().allSatisfy { !$0.contains("Count the toys") })
        #expect(throws: (any Error).self) { try Ablate.parseAsRoot(["count"]) }
        try Ablate.$commands.withValue(Ablate.commands + [Toy.self]) {
            let command = try Ablate.parseAsRoot(["count"])
            #expect(command is Toy)
            #expect(Ablate.helpMessage().contains("Count the toys."))
            #expect(ManualCommand.page.contains(".SS count\n"))
            #expect(texts().dropFirst(2).allSatisfy { $0.contains("count") })
        }
    }
}
