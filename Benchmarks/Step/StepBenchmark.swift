import ArgumentParser
import CAllocationCount
import CPU
import LinearAlgebra
import Tensors
import Glibc
import XLA

/// Measures one model's step in this process and writes CSV rows. BLAS is on one thread; `Benchmarks/run` pins the core.
@main struct StepBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ablate-benchmark")

    @Argument(help: "Which step.") var model: Model
    @Option(help: "Timed steps a round.") var steps = 10
    @Option(help: "Rounds, between which the ceilings are measured.") var rounds = 3
    @Option(help: "float32 or mixed.") var precision: Precision = .float32
    @Option(help: "Threads that share a step.") var threads = 1
    @Option(help: "A plug-in of XLA that computes in place of the engine.") var plugin: String?
    @Flag(help: "Also write where the time goes.") var profile = false

    func validate() throws {
        if threads < 1 { throw ValidationError("--threads is at least 1, not \(threads)") }
    }

    /// The same step through a plug-in, all of whose threads share the cores: rows `xla,<model>,<precision>,<median ms>,<min>,<max>` and
    /// `xla-first-step,<model>,<precision>,<seconds>`, from opening the plug-in on.
    private func run(on plugin: String) throws {
        var made: (any CompiledProgram)?
        let first = try Stopwatch.passing {
            let backend = try XLABackend(PJRTClient(PJRTPlugin.load(plugin)))
            made = try FreeFlowStep(model).compiled(Execution(precision: precision), on: backend)
            try made!.run()
        }
        let compiled = made!
        for _ in 0..<2 { try compiled.run() }
        let times = try (0..<(rounds * steps)).map { _ in
            try Stopwatch.passing {
                try compiled.run()
                _ = compiled.scalar(0)
            }
        }
        let milliseconds = [times.median, times.min()!, times.max()!].map { fixed($0 * 1e3, 2) }.joined(separator: ",")
        write("xla,\(model),\(precision),\(milliseconds)")
        write("xla-first-step,\(model),\(precision),\(fixed(first, 3))")
    }

    func run() throws {
        if let plugin { return try run(on: plugin) }
        // With several threads the time that passes, which neighbours lengthen.
        let isAlone = threads == 1
        let library = CPUBackend.products(in: precision)
        write("products,\(library),OpenBLAS kernels \(OpenBLAS.kernels),\(InstructionSet.current)")
        var made: (any CompiledProgram)?
        let first = try Stopwatch.passing {
            made = try FreeFlowStep(model).compiled(Execution(precision: precision, threads: threads))
        }
        let compiled = made!
        let work = try compiled.profile(clock: Stopwatch.now)!.entries.reduce(0) { $0 + $1.operations } * 1e-9
        let squares = try [512, 1024, 2048].map { try Ceiling($0, $0, $0) }
        for _ in 0..<2 { try compiled.run() }
        var times: [Double] = []
        times.reserveCapacity(rounds * steps)
        var allocations = 0
        for _ in 0..<rounds {
            for square in squares { try square.measure() }
            let before = allocation_count()
            for _ in 0..<steps {
                times.append(try isAlone ? Stopwatch.seconds(compiled.run) : Stopwatch.passing(compiled.run))
            }
            allocations += allocation_count() - before
        }
        // What the three squares ran on, also where the step's own products are of bfloat16.
        let squareLibrary = CPUBackend.products(in: .float32)
        for square in squares { write("ceiling,\(square.name),\(fixed(square.rate, 1)),\(squareLibrary)") }
        let ceiling = squares.map(\.rate).max()!
        let rate = work / times.median
        let milliseconds = [times.median, times.min()!, times.max()!].map { fixed($0 * 1e3, 2) }.joined(separator: ",")
        let way = "\(precision),\(threads),\(library)"
        let rates = "\(fixed(rate, 1)),\(fixed(rate / ceiling, 3))"
        write("step,\(model),\(precision),\(threads),\(milliseconds),\(rates),\(library)")
        write("allocations,\(model),\(allocations * 100 / (rounds * steps)),\(way)")
        write("memory,\(model),\(peakMebibytes()),\(way)")
        write("first-step,\(model),\(fixed(first, 3)),\(way)")
        if profile { try writeProfile(of: compiled) }
    }

    private func peakMebibytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss / 1024
    }

    /// Rows `profile,<model>,<primitive>,<calls>,<ms>,<share>,<GFLOP/s>,<GB/s>`, the longest first, and then `instruction,…` of the
    /// same columns.
    private func writeProfile(of compiled: any CompiledProgram) throws {
        let profile = try compiled.profile(clock: Stopwatch.now)!
        for (kind, entries) in [("profile", profile.byPrimitive), ("instruction", profile.byName)] {
            for entry in entries {
                let numbers = [
                    fixed(entry.seconds * 1e3, 2), fixed(entry.seconds / profile.seconds, 3),
                    fixed(entry.operations / entry.seconds * 1e-9, 1), fixed(entry.bytes / entry.seconds * 1e-9, 1),
                ]
                // Extents are told with commas.
                let name = entry.name.split(separator: ",").joined(separator: ";")
                write("\(kind),\(model),\(name),\(entry.calls),\(numbers.joined(separator: ","))")
            }
        }
    }

    private func write(_ row: String) {
        _ = (row + "\n").withCString { Glibc.write(STDOUT_FILENO, $0, strlen($0)) }
    }

    private func fixed(_ value: Double, _ digits: Int) -> String {
        // A time below the clock's resolution makes a rate that is none.
        guard value.isFinite else { return "" }
        let scale = pow(10, Double(digits))
        let whole = Int((value * scale).rounded())
        let (units, rest) = whole.quotientAndRemainder(dividingBy: Int(scale))
        let tail = String(rest)
        return "\(units)." + String(repeating: "0", count: digits - tail.count) + tail
    }
}

extension Precision: ExpressibleByArgument {}
