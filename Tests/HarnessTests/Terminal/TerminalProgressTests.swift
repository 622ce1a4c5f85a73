import Foundation
import Testing

@testable import Reporting

@Suite("A progress display")
struct TerminalProgressTests {
    let screen = TerminalScreen()

    private func display(total: Int, _ lettering: Terminal.Lettering = .unicode, style: Terminal.Style = .plain)
        -> ProgressDisplay
    {
        let screen = screen
        return ProgressDisplay(
            total: total, medium: .terminal(width: { screen.columns }, lettering: lettering, style: style),
            now: { screen.seconds }, write: { screen.write($0) })
    }

    private func plainDisplay(total: Int) -> ProgressDisplay {
        let screen = screen
        return ProgressDisplay(total: total, medium: .lines, now: { screen.seconds }, write: { screen.write($0) })
    }

    @Test("in a file has a line for each beginning and end, and one a task every ten seconds")
    func plainLines() {
        let display = plainDisplay(total: 4)
        display.begin("a", steps: 1000)
        display.begin("teacher", steps: 0)
        display.begin("b", steps: 100, from: 50)
        #expect(screen.take() == ["a: begun, 1000 steps\n", "teacher: begun\n", "b: begun, from step 50 of 100\n"])
        screen.seconds = 9.9
        display.advance("a", step: 90, of: 1000)
        #expect(screen.take() == [])
        screen.seconds = 10
        display.advance("a", step: 100, of: 1000, detail: "loss 0.12")
        display.advance("a", step: 101, of: 1000)
        display.advance("teacher", step: 5, of: 0)
        display.advance("b", step: 75, of: 100)
        #expect(
            screen.take() == [
                "a: step 100 of 1000, 10.0 steps/s, 1:30 left, loss 0.12\n", "teacher: step 5, 0.500 steps/s\n",
                "b: step 75 of 100, 2.50 steps/s, 0:10 left\n",
            ])
        screen.seconds = 19.9
        display.advance("a", step: 199, of: 1000)
        display.refresh()
        #expect(screen.take() == [])
        screen.seconds = 20
        display.advance("a", step: 500, of: 1000)
        display.note("disk is\nslow")
        // One of four is done, of a half and of b a quarter: 1.75 tasks in 20 s. Open are 4 - 1 - 0.5 - 0.75.
        display.end("teacher", outcome: "trained")
        display.finish()
        #expect(
            screen.take() == [
                "a: step 500 of 1000, 25.0 steps/s, 0:20 left\n", "disk is slow\n",
                "teacher: trained (1 of 4 runs, 0:20 left)\n",
            ])
    }

    @Test("on a terminal has a bar for each running task and a line for all, drawn in place")
    func terminal() {
        let display = display(total: 6)
        display.begin("width=64", steps: 200)
        #expect(
            screen.take() == [
                """
                width=64  [░░░░░░░░░░░░░░░░░░░░]    0%
                0 of 6 runs

                """
            ])
        screen.seconds = 10
        display.advance("width=64", step: 100, of: 200, detail: "loss 0.12")
        #expect(
            screen.take() == [
                "\r\u{1B}[2A\u{1B}[J"
                    + """
                    width=64  [██████████░░░░░░░░░░]   50%  10.0 steps/s  0:10 left  loss 0.12
                    0 of 6 runs, 1:50 left

                    """
            ])
        screen.seconds = 20
        display.end("width=64", outcome: "FID 3.21")
        #expect(screen.take() == ["\r\u{1B}[2A\u{1B}[Jwidth=64: FID 3.21\n1 of 6 runs, 1:40 left\n"])
        display.finish()
        #expect(screen.take() == ["\r\u{1B}[1A\u{1B}[J"])
        display.finish()
        display.advance("width=64", step: 100, of: 200)
        #expect(screen.take() == [])
    }

    @Test("is the same in plain ASCII; a coloured one sets the line for all off")
    func ascii() {
        let plain = display(total: 1, .ascii)
        plain.begin("a", steps: 4, from: 1)
        #expect(screen.take() == ["a  [#####---------------]   25%\n0 of 1 runs\n"])
        let coloured = display(total: 1, .ascii, style: .coloured)
        coloured.begin("teacher", steps: 0)
        #expect(screen.take() == ["teacher  step 0\n\u{1B}[1m0 of 1 runs\u{1B}[0m\n"])
    }

    @Test("draws at most ten times a second, and holds no outcome back")
    func drawingRate() {
        let display = display(total: 2, .ascii)
        display.begin("a", steps: 1024)
        for step in 1...1024 {
            screen.seconds = Double(step) / 1024
            display.advance("a", step: step, of: 1024)
        }
        // Every 103 steps of 1/1024 s: the beginning and nine more, the last after 927 steps.
        #expect(screen.take().count == 10)
        display.end("a", outcome: "done")
        display.begin("b", steps: 10)
        // The block is away until the next drawing is due.
        #expect(screen.take() == ["\r\u{1B}[2A\u{1B}[Ja: done\n"])
        screen.seconds = 1.25
        display.refresh()
        #expect(screen.take() == ["b  [--------------------]    0%\n1 of 2 runs, 0:01 left\n"])
    }

    @Test("fits the width; a long name keeps its end")
    func narrow() {
        let display = display(total: 1)
        screen.columns = 30
        display.begin("objective=freeflow,seed=3", steps: 2)
        #expect(screen.take() == ["…w,seed=3  [░░░░░░░░░░░░░░░░…\n0 of 1 runs\n"])
        screen.columns = 8
        screen.seconds = 1
        display.refresh()
        // The lines of 29 and 11 columns became four and two.
        #expect(screen.take() == ["\r\u{1B}[6A\u{1B}[J…3  [░…\n0 of 1…\n"])
    }

    @Test("keeps its block low when many tasks run")
    func manyTasks() {
        let display = display(total: 0, .ascii)
        for index in 1...11 { display.begin("run \(index)", steps: 0) }
        screen.seconds = 1
        _ = screen.take()
        display.refresh()
        let lines = screen.take().joined().split(separator: "\n")
        #expect(lines.count == 9)
        #expect(lines.last == "and 3 more")
    }

    @Test("leaves on the screen the lines that stay, and nothing else")
    func leavesOutcomes() {
        let display = display(total: 3)
        screen.columns = 40
        for name in ["a", "b", "c"] {
            display.begin(name, steps: 50)
            for step in 1...50 {
                screen.seconds += 0.03
                display.advance(name, step: step, of: 50, detail: "loss \(step)")
            }
            if name == "b" { display.note("a warning") }
            display.end(name, outcome: "done")
        }
        let before = screen.take().joined()
        display.finish()
        let all = before + screen.take().joined()
        #expect(TerminalScreen.shown(all, columns: 40) == ["a: done", "a warning", "b: done", "c: done", ""])
    }

    @Test("takes events of a task that does not run, and a task that begins anew")
    func crossingEvents() {
        let display = plainDisplay(total: 2)
        display.advance("late", step: 1, of: 2)
        display.end("cached", outcome: "found")
        display.begin("a", steps: 2)
        display.begin("a", steps: 2)
        screen.seconds = 5
        display.end("a", outcome: "done\u{1B}[2J")
        display.end("b", outcome: "one too many")
        #expect(
            screen.take() == [
                "cached: found (1 of 2 runs)\n", "a: begun, 2 steps\n", "a: begun, 2 steps\n",
                "a: done [2J (2 of 2 runs)\n", "b: one too many (3 of 2 runs)\n",
            ])
    }

    @Test("takes events from many threads, each whole")
    func manyThreads() {
        let display = plainDisplay(total: 64)
        DispatchQueue.concurrentPerform(iterations: 64) { index in
            display.begin("run \(index)", steps: 10)
            for step in 1...10 { display.advance("run \(index)", step: step, of: 10) }
            display.end("run \(index)", outcome: "done")
        }
        let pieces = screen.take()
        #expect(pieces.count == 128)
        let ends = pieces.filter { $0.contains("done") }
        // The counts in the order they were written: no two ends crossed.
        #expect(ends.map { $0.split(separator: "(")[1].split(separator: " ")[0] } == (1...64).map { "\($0)" })
    }
}
