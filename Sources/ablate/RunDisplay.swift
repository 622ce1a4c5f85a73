import Foundation
import Harness

/// Shows on standard error what a runner is doing: lines redrawn in place on a terminal, plain lines elsewhere.
final class RunDisplay: Sendable {
    private let display: ProgressDisplay

    init(_ plan: Plan) {
        let environment = Console.environment, stream = Terminal.Stream.error
        let medium: ProgressDisplay.Medium =
            stream.canRedraw(environment: environment)
            ? .terminal(
                width: { Terminal.width(environment: environment, windowColumns: stream.windowColumns) },
                lettering: .decided(environment: environment),
                style: .decided(environment: environment, isTerminal: stream.isTerminal))
            : .lines
        display = ProgressDisplay(
            total: plan.pending.count, noun: "pieces of work", medium: medium,
            now: { ProcessInfo.processInfo.systemUptime }, write: { _ = stream.write($0) })
        let done = plan.items.count - plan.pending.count
        if done > 0 { Console.say("\(done) of \(plan.items.count) pieces of work are done already.") }
    }

    func show(_ event: Runner.Event) {
        switch event {
        case .setAside(let path, let aside):
            display.note("\(path) is not what this study makes there: kept as \(aside)")
        case .began(let work): display.begin(work.title, steps: work.steps)
        case .advanced(let work, let progress):
            display.advance(work.title, step: progress.step, of: progress.steps, detail: progress.detail)
        case .ended(let work, .done): display.end(work.title, outcome: "done")
        case .ended(let work, .diverged(let cause)): display.end(work.title, outcome: "diverged: \(cause)")
        case .ended(let work, .failed(let cause)): display.end(work.title, outcome: "failed: \(cause)")
        }
    }

    func finish() { display.finish() }
}
