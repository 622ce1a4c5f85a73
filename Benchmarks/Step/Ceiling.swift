import Tensors
import CPU
import Glibc

/// A matrix product alone, [m, k] · [k, n], as fast as the library does it.
final class Ceiling {
    let name: String
    /// GFLOP of one product, a multiplication and an addition counted each.
    let work: Double
    private let compiled: any CompiledProgram
    private(set) var seconds: [Double] = []

    init(_ m: Int, _ n: Int, _ k: Int) throws {
        name = "\(m)x\(n)x\(k)"
        work = 2e-9 * Double(m) * Double(n) * Double(k)
        compiled = try CPUBackend().compile(Program(inputs: [[m, k], [k, n]]) { [$0[0].matmul($0[1])] })
        for index in 0..<2 {
            compiled.write(Array(repeating: 0.5, count: compiled.program.inputs[index].shape.count), to: index)
        }
    }

    /// Adds one timing to the others: a run of about 20 ms.
    func measure() throws {
        let repetitions = max(1, Int(2 / work))
        seconds.append(try Stopwatch.seconds { for _ in 0..<repetitions { try compiled.run() } } / Double(repetitions))
    }

    /// GFLOP/s at the median.
    var rate: Double { work / seconds.median }
}

/// Time of this thread on its processor: what a neighbour on the same core takes is not counted.
enum Stopwatch {
    /// Nanoseconds.
    static func now() -> UInt64 { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }

    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = now()
        try body()
        return Double(now() - start) * 1e-9
    }

    /// Seconds that pass, whoever has the processor.
    static func passing(_ body: () throws -> Void) rethrows -> Double {
        let start = nanoseconds(CLOCK_MONOTONIC)
        try body()
        return Double(nanoseconds(CLOCK_MONOTONIC) - start) * 1e-9
    }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

extension [Double] {
    var median: Double {
        let ordered = sorted()
        return count % 2 == 1 ? ordered[count / 2] : (ordered[count / 2 - 1] + ordered[count / 2]) / 2
    }
}
