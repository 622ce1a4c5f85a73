import ArgumentParser
import Execution
import Foundation
import Results
import Study

extension RunLauncher {
    /// Submits what remains to Slurm.
    static let slurm = RunLauncher(name: "slurm", place: "as jobs of Slurm") { command, plan, workerOptions in
        try await command.submitted(plan, workerOptions)
    }
}

extension RunCommand {
    /// Submits the stages that remain, and waits for them if requested.
    /// - Returns: the plan with the status of its stages now; nil without waiting.
    func submitted(_ plan: Plan, _ workerOptions: WorkerOptions) async throws -> Plan? {
        // A run's training is part of its job.
        let works = plan.open(retryFailed ? .triedAgain : .left).filter {
            if case .training = $0 { false } else { true }
        }
        guard !works.isEmpty else { return plan }
        let study = plan.study, folder = results.folder.study(study.name)
        let launcher = SlurmLauncher(
            executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path,
            arguments: [TaskCommand.name], profile: try slurmProfile(study))
        // All machines know the folder by its whole path.
        let place = ResultsFolder(URL(fileURLWithPath: results.folder.path).standardizedFileURL.path)
        let submission = try await Exit.translating {
            try Runner(plan, launcher: LocalLauncher(on: Ablate.backend), jobs: 1).prepare()
            return try await launcher.submit(works, of: study.name, in: place) {
                WorkerRequest(stage: $0, results: $1, workerOptions: workerOptions)
            }
        }
        Console.say(submission.text)
        guard wait else {
            Console.say("ablate status \(folder) tells how far it is; the same command again submits what is missing,")
            Console.say("and shows the table where nothing is.")
            return nil
        }
        try await waitForJobs(of: folder)
        let over = Plan(study, results: results.folder)
        guard over.pending.isEmpty else {
            Console.say("\(over.pending.count) pieces of work are not done: \(folder)/slurm has the logs of their jobs")
            throw Exit.someFailed
        }
        return over
    }

    private func slurmProfile(_ study: Study) throws -> SlurmProfile {
        let file = try Exit.translating { try slurmFile.map { try SlurmProfile.read($0) } }
        return (study.slurm ?? SlurmProfile()).overridden(by: file)
    }

    /// Polls at growing intervals, so that a long sweep is no burden for the cluster's controller.
    private func waitForJobs(of folder: String) async throws {
        let jobs = SlurmJobs(of: folder)
        var seconds = 1.0, said = ""
        while true {
            let states = try await Exit.translating { try await jobs.states() }
            let text = states.map { "\($0.count) \($0.state.lowercased())" }.joined(separator: ", ")
            if text != said, !text.isEmpty { Console.say("Slurm: \(text)") }
            said = text
            guard !states.isEmpty else { return }
            try await Task.sleep(for: .seconds(seconds))
            seconds = min(seconds * 1.5, 20)
        }
    }
}

extension SlurmLauncher.Submission {
    fileprivate var text: String {
        let new =
            submitted == 0
            ? "Nothing was submitted"
            : "Submitted \(submitted) pieces of work as \(jobs.count == 1 ? "job" : "jobs") "
                + jobs.map(String.init).joined(separator: ", ")
        return new + (queued == 0 ? "." : "; Slurm has \(queued) more already.")
    }
}
