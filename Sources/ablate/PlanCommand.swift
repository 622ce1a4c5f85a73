import ArgumentParser
import Execution
import Foundation
import Reporting
import Results
import Specification
import Storage
import Study

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show every run of a study, the products that runs share, what is done, and an estimate of the time.",
        discussion: "Runs and writes nothing.")

    @OptionGroup var arguments: StudyArguments
    @OptionGroup var results: ResultsOption

    @Option(name: .shortAndLong, help: "Stages at a time in the estimate (default: as for run).")
    var jobs: Int?

    @Option(help: "Also estimate GPU-hours, memory and disk on a card, by its data sheet.")
    var card: GraphicsCard?

    func validate() throws {
        try JobCount.check(jobs)
    }

    func run() throws {
        do { try show(try arguments.load(in: results.folder)) } catch let unread as DataNotRead {
            Console.give("\(unread.study): \(unread.runs) \(unread.runs == 1 ? "run" : "runs")")
            Console.give(unread.description)
        }
    }

    private func show(_ study: Study) throws {
        let plan = Plan(study, results: results.folder)
        let estimate = Estimate(from: results.folder.someRecords(atMost: Estimate.sampleSize))
        Console.give("\(study.name): \(study.question)")
        if let written = study.variantOf {
            Console.give("A variant of \(written), as its settings change what is trained.")
        }
        let inherited = study.origin.files.dropFirst().map(\.path)
        if !inherited.isEmpty {
            Console.give(
                "Its base is one of \(inherited.joined(separator: ", ")), changed; axes and claims are its own.")
        }
        for data in study.data { Console.give(data.description) }
        Console.give(shared(plan, estimate))
        Console.give(runs(study, plan, estimate))
        let weights = plan.keptWeights
        Console.give(
            "\(weights.trainings) trainings keep \(weights.copies) copies of a student's weights: "
                + "about \(RegularFile.text(bytes: weights.bytes)).")
        for program in plan.plugIns {
            Console.give("A program will be run, whose time is not in the estimate: \(program.request)")
        }
        let pending = plan.pending.map(\.stage)
        let workers = jobs ?? plan.jobs(cores: AvailableCores.count)
        let wall = estimate.seconds(pending, jobs: workers)
        if let shortage = plan.shortage(of: Double(RegularFile.mostBytes)) { Console.say("warning: \(shortage)") }
        if let slowness = plan.slowness(estimate, jobs: workers) { Console.say("warning: \(slowness)") }
        if !plan.failed.isEmpty { Console.give("\(plan.failed.count) failed before; run --retry-failed tries again.") }
        Console.give(
            pending.isEmpty
                ? "Nothing is left to do."
                : "\(pending.count) pieces of work to do: about \(NumberFormat.clock(seconds: wall)) with \(workers) jobs"
                    + (estimate.isMeasured ? ", by the times of earlier runs" : ", unmeasured on this machine")
                    + "; \(RegularFile.text(bytes: plan.memory(jobs: workers))) of memory, "
                    + "\(RegularFile.text(bytes: plan.disk)) of disk.")
        if let card { Console.give(CardEstimate(plan, on: card).text) }
    }

    private func shared(_ plan: Plan, _ estimate: Estimate) -> Table {
        var table = Table(columns: [
            .init("shared", alignment: .left), .init("identity", alignment: .left, importance: 1),
            .init("status", alignment: .left),
            .init("estimate", unit: "s"),
        ])
        for item in plan.sharedItems {
            table.append([
                .text(item.stage.kind), .text(item.identity.short), .text(item.status.text),
                seconds([item], estimate),
            ])
        }
        return table
    }

    private func runs(_ study: Study, _ plan: Plan, _ estimate: Estimate) -> Table {
        let axes = study.runs.axes
        var table = Table(
            columns: axes.map { .init($0, alignment: .left) } + [
                .init("identity", alignment: .left, importance: 1), .init("training", alignment: .left),
                .init("evaluation", alignment: .left), .init("estimate", unit: "s"),
            ])
        // Trainings that only finished runs need are left out of the plan.
        var trainings: [Identity: Plan.Item] = [:]
        for item in plan.trainingItems { trainings[item.identity] = item }
        for (run, item) in zip(study.runs, plan.runItems) {
            let training = trainings[RunStage(run: run).training.identity]
            table.append(
                axes.map { run[$0].map { .text($0) } ?? .missing }
                    + [
                        .text(item.identity.short), .text((training?.status ?? .done).text), .text(item.status.text),
                        seconds([item] + [training].compactMap { $0 }, estimate),
                    ])
        }
        return table
    }

    /// The estimated time of the stages that remain; missing where there are none.
    private func seconds(_ items: [Plan.Item], _ estimate: Estimate) -> Table.Cell {
        let open = items.filter { $0.status == .pending }
        return open.isEmpty ? .missing : .number(open.reduce(0) { $0 + estimate.seconds($1.stage) }, digits: 2)
    }

}

extension StageStatus {
    fileprivate var text: String {
        switch self {
        case .done: "done"
        case .elsewhere(let path): "done, in \(path)"
        case .pending: "to do"
        case .failed(let cause): "failed: \(cause)"
        }
    }
}

extension GraphicsCard: ExpressibleByArgument {}
