import ArgumentParser
import Execution
import Foundation
import Reporting
import Results
import Storage
import Study

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Execute the missing stages of a study, then show its table.",
        discussion:
            """
            Finished runs are found by their identity and not repeated; interrupted ones resume from their last
            checkpoint. Ctrl-C stops after a checkpoint, a second one immediately.

            --until-decided adds seeds, half as many again each time, while the study's claims have numbers that do not
            decide them. These interim analyses share the study's error rate, so that repeated testing produces no more
            false findings; choose the option before the first run. The added seeds belong to the study from then on,
            in its folder of results.
            """)

    @OptionGroup var arguments: StudyArguments
    @OptionGroup var results: ResultsOption
    @OptionGroup var device: DeviceOption

    @Option(
        name: .shortAndLong,
        help:
            "Stages at a time, each a process (default: as many as have a core for each of their threads, or a card each)."
    )
    var jobs: Int?

    @Flag(help: "Execute runs again that failed before.")
    var retryFailed = false

    @Option(name: .customLong("checkpoint"), help: "Seconds between two checkpoints of a training.")
    var checkpointSeconds = WorkerOptions.checkpointSeconds

    @Option(help: RunLauncher.help)
    var launcher = RunLauncher.local

    @Option(
        name: .customLong("slurm"), help: "A YAML file with options for Slurm, over the study's own 'slurm'.",
        completion: .file())
    var slurmFile: String?

    @Flag(help: "Wait for the jobs of Slurm, then show the table.")
    var wait = false

    @Flag(help: "Show the time of each training's steps by primitive, and write it beside the record.")
    var profile = false

    @Option(
        name: .customLong("silence"),
        help: "Seconds without a sign of life after which a worker is ended and its work tried again; 0 for never.")
    var silenceSeconds = WorkerOptions.silenceSeconds

    @Flag(help: "Leave this machine's name and the folders of the study's files out of new records.")
    var noHost = false

    @OptionGroup var commands: CommandsOption

    @Option(
        help: """
            A command of the shell at the end of the sweep; ABLATE_STUDY, ABLATE_OUTCOME (done, failed, stopped), ABLATE_FOLDER, \
            ABLATE_RUNS, ABLATE_RECORDS, ABLATE_DIVERGED, ABLATE_FAILED and ABLATE_SECONDS tell it of that.
            """)
    var onEnd: String?

    @Flag(help: "Add seeds while a claim is undecided.")
    var untilDecided = false

    @Option(help: "The largest number of seeds for --until-decided (default: 12).")
    var mostSeeds: Int?

    /// A week: with rarer checkpoints an interruption loses everything.
    private static let mostCheckpointSeconds = 604_800.0

    /// Two signs of life.
    private static let leastSilenceSeconds = 2 * StageLock.pulseSeconds

    func validate() throws {
        try validateSeeds()
        guard (0...Self.mostCheckpointSeconds).contains(checkpointSeconds) else {
            throw ValidationError(
                "--checkpoint is from 0 to \(Int(Self.mostCheckpointSeconds)) seconds, not \(checkpointSeconds)")
        }
        guard silenceSeconds == 0 || (Self.leastSilenceSeconds...Self.mostCheckpointSeconds).contains(silenceSeconds)
        else {
            throw ValidationError(
                "--silence is 0 or from \(Int(Self.leastSilenceSeconds)) to \(Int(Self.mostCheckpointSeconds)) seconds, "
                    + "not \(silenceSeconds)")
        }
        if launcher.name != RunLauncher.slurm.name, slurmFile != nil || wait {
            throw ValidationError("--slurm and --wait are for --launcher slurm")
        }
        try JobCount.check(jobs)
    }

    func run() async throws {
        let end = SweepEnd(onEnd)
        do {
            try await sweep(end)
            end.tell("done")
        } catch {
            end.tell((error as? ExitCode) == Exit.interrupted ? "stopped" : "failed")
            throw error
        }
    }

    private func sweep(_ end: SweepEnd) async throws {
        var study = try beginning(try arguments.load(in: results.folder, isRunning: true))
        end.note(study, in: results.folder)
        for data in study.data { Console.say(data.description) }
        if let written = study.variantOf {
            Console.say(
                "\(written) with other trainings: a variant, with results in \(results.folder.study(study.name))")
        }
        while true {
            // Stages that failed in an earlier round are reported in each.
            guard let (plan, endings) = try await carryOut(study) else { return }
            guard let next = try self.next(after: study) else {
                return try Exit.translating { try summarise(plan, endings, end) }
            }
            study = next
        }
    }

    /// Executes the stages that remain; nil where Slurm does.
    private func carryOut(_ study: Study) async throws -> (Plan, [StageResult])? {
        var plan = Plan(study, results: results.folder)
        if !plan.pending.isEmpty || !plan.failed.isEmpty { plan = await plan.attested(hidesFolders: noHost) }
        let workerOptions = WorkerOptions(
            checkpointSeconds: checkpointSeconds, limits: study.limits, isProfiled: profile, device: device.device,
            silenceSeconds: silenceSeconds, hidesHost: noHost, allowsCommands: commands.areAllowed)
        try commands.check(plan.open(retryFailed ? .triedAgain : .left))
        if !plan.pending.isEmpty {
            try DeviceOption.check([device.device] + plan.pending.compactMap(\.stage.device))
        }
        try sayDemand(of: plan)
        guard let left = try await launcher.carryOut(self, plan, workerOptions) else { return nil }
        plan = left
        let stop = StopRequest(), display = RunDisplay(plan)
        let processes = ProcessLauncher(
            executable: "/proc/self/exe", arguments: [WorkerCommand.name], workerOptions: workerOptions, stop: stop)
        let interruption = Interruption(stop, signals: [SIGINT, SIGTERM])
        let token = stop.whenRequested { _ in display.note("stopping after a checkpoint; once more stops at once") }
        let endings = try await Exit.translating {
            defer { display.finish() }
            return try await Runner(
                plan, launcher: processes,
                jobs: jobs ?? DeviceOption.jobs(of: plan, on: device.device),
                formerFailures: retryFailed && launcher.isLocal ? .triedAgain : .left, stop: stop,
                observe: { display.show($0) }
            ).run()
        }
        stop.forget(token)
        if profile { show(display.profiles) }
        if withExtendedLifetime(interruption, { stop.isRequested }) {
            Console.say("stopped; the same command goes on from here")
            throw Exit.interrupted
        }
        return (plan, endings.map(\.stageResult))
    }

    /// Refuses what does not fit in this machine's memory, and says of what takes years.
    private func sayDemand(of plan: Plan) throws {
        if launcher.isLocal, let shortage = plan.shortage(of: Double(RegularFile.mostBytes)) {
            Console.say("error: \(shortage)")
            throw Exit.badSpecification
        }
        let jobs = jobs ?? plan.jobs(cores: ProcessInfo.processInfo.activeProcessorCount)
        if let slowness = plan.slowness(Estimate(from: []), jobs: jobs) { Console.say("warning: \(slowness)") }
    }

    private func summarise(_ plan: Plan, _ endings: [StageResult], _ end: SweepEnd) throws {
        let study = plan.study
        guard FileManager.default.fileExists(atPath: results.folder.study(study.name)) else {
            Console.say(
                "error: \(results.folder.study(study.name)): it was renamed or removed while work was under way; what is done "
                    + "lies where it is now")
            throw Exit.cannotWrite
        }
        let (summary, unreadable) = try results.folder.summary(of: study, identities: plan.identities)
        for (path, reason) in unreadable { Console.say("warning: left out \(path): \(reason)") }
        Console.give("\(study.name): \(study.question)")
        Console.give(summary.table)
        if let claims = summary.claims { Console.give(claims) }
        Console.give("Wrote \(results.folder.study(study.name))/<\(summary.records) runs>/run.h5")
        for path in summary.paths { Console.give("      \(path)") }
        let failed = endings.count { if case .failed = $0 { true } else { false } }
        end.note(records: summary.records, diverged: summary.diverged, failed: failed)
        try conclude(endings, diverged: summary.diverged)
    }

    private func show(_ profiles: [(title: String, profile: TrainingProfile)]) {
        guard !profiles.isEmpty else { return Console.say("--profile: nothing was left to train") }
        Console.give(TrainingProfile.table(profiles))
    }

    private func conclude(_ endings: [StageResult], diverged: Int) throws {
        let failed = endings.filter { if case .failed = $0 { true } else { false } }.count
        let obstructed = endings.filter { if case .obstructed = $0 { true } else { false } }.count
        if failed + diverged > 0 { Console.say("\(failed) pieces of work failed, \(diverged) runs diverged") }
        if obstructed > 0 {
            Console.say("\(obstructed) pieces of work were not done: files could not be read or written")
            throw Exit.cannotWrite
        }
        if failed + diverged > 0 { throw Exit.someFailed }
    }
}
