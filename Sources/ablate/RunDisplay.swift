import Execution
import Foundation
import Reporting
import Study
import Synchronization

/// Shows on standard error the progress of a runner: lines redrawn in place on a terminal, plain lines elsewhere.
final class RunDisplay: Sendable {
    private let display: ProgressDisplay
    /// Stages that wait for another process; the wait is reported once.
    private let waiting = Mutex(Set<String>())
    private let taken = Mutex([(title: String, profile: TrainingProfile)]())

    init(_ plan: Plan) {
        let environment = Console.environment, stream = Terminal.Stream.error
        let medium: ProgressDisplay.Medium =
            stream.canRedraw(environment: environment)
            ? .terminal(
                width: { Terminal.width(environment: environment, windowColumns: stream.windowColumns) },
                lettering: .decided(environment: environment),
                style: .decided(environment: environment, isTerminal: stream.isTerminal))
            : .lines
        let open = plan.pending.count + plan.failed.count
        display = ProgressDisplay(
            total: open, noun: "pieces of work", medium: medium,
            now: { ProcessInfo.processInfo.systemUptime }, write: { _ = stream.write($0) })
        let done = plan.items.count - open
        if done > 0 { Console.say("\(done) of \(plan.items.count) pieces of work are done already.") }
    }

    func show(_ event: Runner.Event) {
        switch event {
        case .began(let stage): display.begin(stage.title, steps: stage.steps)
        case .noticed(let stage, let notice): show(stage, notice)
        case .ended(let stage, let stageResult): display.end(stage.title, outcome: stageResult.text)
        }
    }

    private func show(_ stage: Stage, _ notice: Worker.Notice) {
        switch notice {
        case .progress(let progress):
            display.advance(stage.title, step: progress.step, of: progress.steps, detail: progress.detail)
        case .resumed(let step, let steps): display.begin(stage.title, steps: steps, from: step)
        case .setAside(let path, let aside, isWhole: true):
            // Its journal and its models go with it.
            guard path.hasSuffix(".h5") else { return }
            display.note("\(path) is of other settings: kept as \(aside)")
        case .setAside(let path, let aside, isWhole: false):
            display.note("\(path) is damaged or not what this study makes there: kept as \(aside)")
        case .waiting(let owner):
            guard waiting.withLock({ $0.insert(stage.title).inserted }) else { return }
            display.note("\(stage.title): waits for \(owner), which is at it")
        case .profiled(let profile): taken.withLock { $0.append((stage.title, profile)) }
        }
    }

    /// The profiles of trainings, in the order in which they began.
    var profiles: [(title: String, profile: TrainingProfile)] { taken.withLock { $0 } }

    /// Prints another line.
    func note(_ text: String) { display.note(text) }

    func finish() { display.finish() }
}
