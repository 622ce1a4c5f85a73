import ArgumentParser
import Execution

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel the jobs of a study in Slurm.",
        discussion:
            "Finished stages stay, and interrupted ones resume from their checkpoint when the study is run again.")

    @Argument(help: "The folder of a study's results.", completion: .directory)
    var folder: String

    func run() async throws {
        let jobs = SlurmJobs(of: folder)
        guard jobs.isKnown else {
            Console.say("error: \(folder): nothing of it was submitted; Ctrl-C stops a study on this machine")
            throw Exit.missingInput
        }
        let count = try await Exit.translating { try await jobs.cancel() }
        Console.give("Cancelled \(count) jobs.")
    }
}
