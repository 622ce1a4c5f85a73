import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@Suite("Distributions of time") struct TimeDistributionTests {
    private static let count = 20_000
    private let key = RandomKey(seed: 21)

    private func draw(_ distribution: TimeDistribution, step: Double = 1) -> [Float] {
        Tensor.materialized([distribution.draw(Self.count, key: key, step: Tensor(step))])[0]
    }

    /// Four standard errors of a mean of numbers of a deviation.
    private func error(_ deviation: Double) -> Double { 4 * deviation / Double(Self.count).squareRoot() }

    @Test("uniform: bounds, mean and deviation")
    func uniform() {
        let times = draw(.uniform(from: 0.2, to: 0.7))
        #expect(times.allSatisfy { $0 >= 0.2 && $0 <= 0.7 })
        let found = moments(times)
        let deviation = 0.5 / 12.0.squareRoot()
        #expect(abs(found.mean - 0.45) < error(deviation))
        // The deviation of a uniform sample's deviation is below that of its mean.
        #expect(abs(found.deviation - deviation) < error(deviation))
        #expect(draw(.uniform(from: 0.5, to: 0.5)).allSatisfy { $0 == 0.5 })
    }

    @Test("logit-normal: the logits are normal, the median is the location's sigmoid")
    func logitNormal() {
        let times = draw(.logitNormal(location: 0.8, scale: 1.6))
        #expect(times.allSatisfy { $0 > 0 && $0 < 1 })
        let found = moments(times.map { Float(Foundation.log(Double($0) / (1 - Double($0)))) })
        #expect(abs(found.mean - 0.8) < error(1.6))
        #expect(abs(found.deviation - 1.6) < error(1.6))
        // Quantiles of a standard normal: 0 has half of the weight below, 1 has 0.8413.
        for (quantile, share) in [(0.0, 0.5), (1, 0.8413), (-1, 0.1587)] {
            let bound = Float(1 / (1 + Foundation.exp(-(0.8 + 1.6 * quantile))))
            let below = Double(times.count { $0 < bound }) / Double(Self.count)
            #expect(abs(below - share) < error((share * (1 - share)).squareRoot()))
        }
        // Without a scale every time is the sigmoid of the location.
        #expect(draw(.logitNormal(location: 0, scale: 0)).allSatisfy { $0 == 0.5 })
    }

    @Test("a point is one time") func point() { #expect(draw(.point(at: 0.3)).allSatisfy { $0 == 0.3 }) }

    @Test("a mixture draws each distribution by its weight, nested ones too")
    func mixture() {
        let inner = TimeDistribution.mixture(of: [
            .init(weight: 1, distribution: .point(at: 0.5)), .init(weight: 3, distribution: .point(at: 0.75)),
        ])
        let times = draw(
            .mixture(of: [
                .init(weight: 2, distribution: .point(at: 0)),
                .init(weight: 5, distribution: .uniform(from: 0.1, to: 0.2)),
                .init(weight: 3, distribution: inner),
            ]))
        let shares: [(ClosedRange<Float>, Double)] = [
            (0...0, 0.2), (0.1...0.2, 0.5), (0.5...0.5, 0.075), (0.75...0.75, 0.225),
        ]
        for (range, share) in shares {
            let found = Double(times.count(where: range.contains)) / Double(Self.count)
            #expect(abs(found - share) < error((share * (1 - share)).squareRoot()), "\(range)")
        }
        #expect(times.allSatisfy { time in shares.contains { $0.0.contains(time) } })
    }

    @Test("a draw is the key's and the step's alone, and a mixture of one distribution is that distribution")
    func steps() {
        let distribution = TimeDistribution.uniform(from: 0, to: 1)
        #expect(mismatch(draw(distribution), draw(distribution)) == nil)
        #expect(mismatch(draw(distribution, step: 1), draw(distribution, step: 2)) != nil)
        let single = TimeDistribution.mixture(of: [.init(weight: 4, distribution: .point(at: 0.25))])
        #expect(draw(single).allSatisfy { $0 == 0.25 })
    }

    @Test("pairs are in order, and the share that is asked for is equal", arguments: [0, 0.25, 1])
    func pairs(equal: Double) {
        let distribution = TimePairs.pair(
            first: .uniform(from: 0, to: 1), second: .logitNormal(location: -0.4, scale: 1), equal: equal)
        let drawn = distribution.draw(Self.count, key: key, step: Tensor(1), progress: Tensor(0))
        let found = Tensor.materialized([drawn.t, drawn.s])
        #expect(zip(found[0], found[1]).allSatisfy { $0 >= $1 })
        #expect(zip(found[0], found[1]).count { $0 == $1 } == Int(equal * Double(Self.count)))
    }

    @Test("the two times of a pair are the larger and the smaller of independent draws")
    func independence() {
        let distribution = TimePairs.pair(first: .uniform(from: 0, to: 1), second: .uniform(from: 0, to: 1), equal: 0)
        let drawn = distribution.draw(Self.count, key: key, step: Tensor(1), progress: Tensor(0))
        let found = Tensor.materialized([drawn.t, drawn.s])
        // Means 2/3 and 1/3 and deviation 1 / √18 of the order statistics of two uniform numbers.
        #expect(abs(moments(found[0]).mean - 2.0 / 3) < error(1 / 18.0.squareRoot()))
        #expect(abs(moments(found[1]).mean - 1.0 / 3) < error(1 / 18.0.squareRoot()))
    }

    @Test(
        "a distribution that leaves [0, 1] is refused with what is allowed",
        arguments: [
            (.uniform(from: -0.1, to: 1), "uniform.from: found -0.1, allowed: from 0 to 1"),
            (.uniform(from: 0.5, to: 0.25), "uniform.to: found 0.25, allowed: from 0.5 to 1.0"),
            (.logitNormal(location: .nan, scale: 1), "logitNormal.location: found nan, allowed: from -20.0 to 20.0"),
            (
                .logitNormal(location: 0, scale: -1),
                "logitNormal.scale: found -1.0, allowed: more than 0 and at most 20; point is a single time"
            ),
            (.point(at: 1.5), "point.at: found 1.5, allowed: from 0 to 1"),
            (.mixture(of: []), "mixture.of: found nothing, allowed: at least one entry"),
        ] as [(TimeDistribution, String)])
    func refused(distribution: TimeDistribution, message: String) {
        let violation = #expect(throws: Violation.self) { try distribution.validate() }
        #expect(violation?.description == message)
    }

    @Test("distributions at the bounds are accepted; a weight of 0 and an equal share above 1 are not")
    func bounds() {
        #expect(throws: Never.self) { try TimeDistribution.uniform(from: 0, to: 1).validate() }
        #expect(throws: Never.self) { try TimeDistribution.point(at: 1).validate() }
        let component = TimeDistribution.Component(weight: 0, distribution: .point(at: 1))
        let weight = #expect(throws: Violation.self) { try component.validate() }
        #expect(weight?.description == "weight: found 0.0, allowed: more than 0")
        let pair = TimePairs.pair(first: .point(at: 1), second: .point(at: 0), equal: 1.25)
        let equal = #expect(throws: Violation.self) { try pair.validate() }
        #expect(equal?.description == "pair.equal: found 1.25, allowed: from 0 to 1")
    }
}
