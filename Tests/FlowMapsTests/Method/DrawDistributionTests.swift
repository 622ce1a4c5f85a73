import Foundation
import Tensors
import Testing

@testable import FlowMaps

@Suite("Times and noise levels have the distributions that are written") struct DrawDistributionTests {
    private static let count = 4096
    /// The Kolmogorov–Smirnov statistic √n D that a right sample exceeds once in a thousand.
    private static let critical = 1.95

    /// A sample with the cumulative distribution that it should have, and one that it should not.
    struct Law: Sendable, CustomTestStringConvertible {
        let name: String
        let draw: @Sendable (RandomKey) -> Tensor
        let cumulative, other: @Sendable (Double) -> Double
        var testDescription: String { name }
    }

    private static func logitNormal(_ location: Double, _ scale: Double) -> @Sendable (Double) -> Double {
        { t in 0.5 * erfc(-(log(t / (1 - t)) - location) / scale / 2.0.squareRoot()) }
    }

    /// The place between EDM's noise levels, by the seventh roots.
    private static func karras(_ from: Double, _ to: Double) -> @Sendable (Double) -> Double {
        { t in
            let (low, high) = (pow(0.002, 1.0 / 7), pow(80, 1.0 / 7))
            let place = (pow(t / (1 - t), 1.0 / 7) - low) / (high - low)
            return min(1, max(0, (place - from) / (to - from)))
        }
    }

    private static func times(
        _ name: String, _ distribution: TimeDistribution, _ cumulative: @escaping @Sendable (Double) -> Double,
        not other: @escaping @Sendable (Double) -> Double
    ) -> Law {
        Law(
            name: name, draw: { distribution.draw(count, key: $0, step: Tensor(3)) }, cumulative: cumulative,
            other: other)
    }

    private static func pairs(
        _ name: String, _ pairs: TimePairs, _ part: @escaping @Sendable (Tensor, Tensor) -> Tensor,
        _ cumulative: @escaping @Sendable (Double) -> Double, not other: @escaping @Sendable (Double) -> Double
    ) -> Law {
        Law(
            name: name,
            draw: { key in
                let (t, s) = pairs.draw(count, key: key, step: Tensor(3), progress: Tensor(0.5))
                return part(t, s)
            }, cumulative: cumulative, other: other)
    }

    /// The levels of a method's term that compares distributions.
    private static func levels(_ method: Method) -> TimeDistribution {
        method.terms.compactMap(\.term.target.levels)[0]
    }

    static let laws: [Law] = {
        let uniform: @Sendable (Double) -> Double = { $0 }
        // Of the product of two uniform numbers.
        let product: @Sendable (Double) -> Double = { $0 > 0 ? $0 * (1 - log($0)) : 0 }
        let sorted = TimePairs.triangle
        return [
            times("uniform", .uniform(from: 0, to: 1), uniform, not: { $0 * $0 }),
            times("FreeFlow's levels", levels(.freeflow), logitNormal(0.8, 1.6), not: logitNormal(0.6, 1.6)),
            times("sCD+VSD's levels", levels(.sCDVSD), logitNormal(0.4, 2), not: logitNormal(0.4, 1.8)),
            times("DMD2's levels", levels(.dmd2), karras(0.02, 0.98), not: { min(1, max(0, ($0 - 0.02) / 0.96)) }),
            times("SiD's levels", levels(.sid), karras(0.02, 0.8), not: karras(0.02, 0.98)),
            times(
                "half logit-normal, half uniform", .covered(-0.4, 1),
                { 0.5 * $0 + 0.5 * logitNormal(-0.4, 1)($0) }, not: logitNormal(-0.4, 1)),
            pairs("t of sorted pairs", sorted, { t, _ in t }, { $0 * $0 }, not: uniform),
            pairs("s of sorted pairs", sorted, { _, s in s }, { 1 - (1 - $0) * (1 - $0) }, not: product),
            pairs("t of IMM", Method.imm.main.times, { t, _ in t }, uniform, not: { $0 * $0 }),
            pairs(
                "s of IMM", Method.imm.main.times, { _, s in s }, product,
                not: { 1 - (1 - $0) * (1 - $0) }),
            pairs(
                "gaps", .gap(length: .uniform(from: 0, to: 1)), { t, s in t - s }, uniform, not: { $0 * $0 }),
            pairs("s below gaps", .gap(length: .uniform(from: 0, to: 1)), { _, s in s }, product, not: uniform),
            pairs(
                "durations from noise", Method.freeflow.main.times, { t, s in t - s }, uniform, not: { $0.squareRoot() }
            ),
        ]
    }()

    /// √n times the largest distance of the sample's steps from the cumulative distribution.
    private func statistic(_ sample: [Double], _ cumulative: (Double) -> Double) -> Double {
        let sorted = sample.sorted(), n = Double(sorted.count)
        let largest =
            sorted.indices.map { index in
                let value = cumulative(sorted[index])
                return max(abs(value - Double(index) / n), abs(value - Double(index + 1) / n))
            }.max() ?? 0
        return n.squareRoot() * largest
    }

    @Test("by the test of Kolmogorov and Smirnov, which another distribution fails", arguments: laws)
    func law(law: Law) {
        let sample = law.draw(RandomKey(seed: 2024)).evaluated()
        #expect(statistic(sample, law.cumulative) < Self.critical)
        #expect(statistic(sample, law.other) > Self.critical)
    }

    @Test("and three of four rows of MeanFlow have s = t")
    func equal() {
        let (t, s) = Method.meanFlow.main.times.draw(400, key: RandomKey(seed: 5), step: Tensor(1), progress: Tensor(0))
        #expect(zip(t.evaluated(), s.evaluated()).count { $0 == $1 } == 300)
    }
}
