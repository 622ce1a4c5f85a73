import Foundation
import TestSupport
import Testing

@testable import CPU
@testable import Tensors

/// Seeds of random programs: some hundred, with ABLATE_SLOW_TESTS thousands, or the one that ABLATE_FUZZ_SEED names.
enum Seeds {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isSlow = environment["ABLATE_SLOW_TESTS"] != nil

    static func some(_ count: Int) -> [Int] {
        if let one = environment["ABLATE_FUZZ_SEED"].flatMap({ Int($0) }) { return [one] }
        return Array(0..<(isSlow ? 20 * count : count))
    }

    /// Whether so many are drawn that what is rare has come up too.
    static var areMany: Bool { environment["ABLATE_FUZZ_SEED"] == nil }
}

@Suite("Random programs", .serialized) struct RandomProgramTests {
    @Test("have their float64 values and derivatives however they are carried out, within a running error analysis")
    func values() {
        var seen = ProgramFeatures(), compared = 0, undecided = 0
        for seed in Seeds.some(400) {
            CrashNote.during("The process ended at the random program of ABLATE_FUZZ_SEED=\(seed)") {
                let random = ProgramGenerator.program(seed: seed)
                seen.look(at: random)
                var check = ProgramCheck(random)
                for way in Way.all {
                    guard let fault = check.fault(way) else { continue }
                    let smallest = random.shrunk { ProgramCheck.fails($0, way) }
                    var again = ProgramCheck(smallest)
                    Issue.record(
                        """
                        ABLATE_FUZZ_SEED=\(seed) \(way): \(fault)
                        and of that, \(again.fault(way) ?? ""):
                        \(smallest)
                        """)
                    break
                }
                compared += check.compared
                undecided += check.undecided
            }
        }
        guard Seeds.areMany else { return }
        #expect(seen.missing == [])
        // What rounding may decide or spoil is a small part, or the comparison would say little.
        #expect(undecided * 10 < compared)
    }

    /// Float64 rounding through some hundred operations, that cancel some digits, relative to the terms of a sum.
    private static let transposition = 1e-9

    @Test("have pullbacks that are the transposes of their pushforwards")
    func transposes() {
        for seed in Seeds.some(200) {
            let random = ProgramGenerator.program(seed: seed, scale: .small)
            let given = random.program.inputs.map(\.shape), results = random.program.outputs + random.program.updates
            let program = Program(inputs: given + given + results.map(\.shape)) { inputs in
                let at = Array(inputs[..<given.count]), along = Array(inputs[given.count..<(2 * given.count)])
                let weights = Array(inputs[(2 * given.count)...])
                return jvp({ random($0) }, at: at, along: along).tangents
                    + vjp({ random($0) }, at: at, cotangents: { _ in weights }).gradient
            }
            func drawn(_ tensors: [Shape], _ name: String) -> [[Double]] {
                tensors.enumerated().map {
                    RandomKey(seed: UInt64(seed)).folding(name).folding($0).normal(count: $1.count).doubles
                }
            }
            let along = drawn(given, "along"), weights = drawn(results.map(\.shape), "weights")
            let found = program.evaluate(random.arguments.map(\.doubles) + along + weights)
            let forward = terms(found.prefix(results.count), weights),
                backward = terms(found.suffix(given.count), along)
            guard forward.size.isFinite, backward.size.isFinite else { continue }
            #expect(
                abs(forward.sum - backward.sum) <= Self.transposition * (1 + forward.size + backward.size),
                "ABLATE_FUZZ_SEED=\(seed): ⟨Jv, w⟩ is \(forward.sum), ⟨v, Jᵀw⟩ \(backward.sum) of\n\(random)")
        }
    }

    /// The sum of products, and of their sizes.
    private func terms(_ a: some Sequence<[Double]>, _ b: [[Double]]) -> (sum: Double, size: Double) {
        let products = zip(a, b).flatMap { zip($0, $1).map { $0 * $1 } }
        return (products.reduce(0, +), products.reduce(0) { $0 + abs($1) })
    }

    @Test("have pushforwards that are central differences, where they are smooth")
    func differences() {
        for seed in Seeds.some(100) {
            let random = ProgramGenerator.program(seed: seed, isSmooth: true, scale: .small)
            let given = random.program.inputs.map(\.shape), value = random.program { results, _ in results }
            let tangent = Program(inputs: given + given) { inputs in
                jvp({ random($0) }, at: Array(inputs[..<given.count]), along: Array(inputs[given.count...])).tangents
            }
            let at = random.arguments.map(\.doubles)
            // Of length one: no result changes by more in a step than its derivative says.
            let length = Double(at.reduce(0) { $0 + $1.count }).squareRoot()
            let along = at.enumerated().map { index, numbers in
                // Indices stay where they are.
                let isMoved = numbers.contains { $0 != $0.rounded() }
                let directions = RandomKey(seed: UInt64(seed)).folding(index).normal(count: numbers.count)
                return directions.map { isMoved ? Double($0) / length : 0 }
            }
            func central(_ h: Double) -> [[Double]] {
                func moved(_ sign: Double) -> [[Double]] {
                    value.evaluate(zip(at, along).map { zip($0, $1).map { $0 + sign * h * $1 } })
                }
                return zip(moved(1), moved(-1)).map { zip($0, $1).map { ($0 - $1) / (2 * h) } }
            }
            let coarse = central(2e-4).flatMap(\.self), fine = central(1e-4).flatMap(\.self)
            let exact = tangent.evaluate(at + along).flatMap(\.self)
            // A half of the step has a quarter of the error, up to higher orders; 1e-9 is what rounding to 30 · 2⁻⁵³ does over
            // 1e-4.
            let worst = exact.indices.map { index in
                abs(exact[index] - fine[index]) - (1e-9 + 1e-6 * abs(exact[index]) + abs(coarse[index] - fine[index]))
            }.max()
            #expect(
                (worst ?? 0) <= 0,
                "ABLATE_FUZZ_SEED=\(seed): differences lie \(worst ?? 0) too far from jvp of\n\(random)")
        }
    }
}

extension ProgramCheck {
    static func fails(_ random: RandomProgram, _ way: Way) -> Bool {
        var check = ProgramCheck(random)
        return check.fault(way) != nil
    }
}
