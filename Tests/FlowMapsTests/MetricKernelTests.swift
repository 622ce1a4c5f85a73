import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@Suite("Kernel distances, scores of a classifier, spread and drift")
struct MetricKernelTests {
    /// A few hundred roundings of double precision at magnitudes of ten.
    private let rounding = 1e-11
    /// Products in single precision, averaged over all pairs.
    private let single = 1e-5

    private func normal(_ count: Int, seed: UInt64) -> [Float] { RandomKey(seed: seed).normal(count: count) }

    /// The unbiased squared mean discrepancy of any kernel of two points, by its definition.
    private func discrepancy(_ x: [Float], _ y: [Float], _ dimension: Int, _ k: ([Double], [Double]) -> Double)
        -> Double
    {
        func point(_ set: [Float], _ i: Int) -> [Double] { set[i * dimension..<(i + 1) * dimension].map(Double.init) }
        let (n, m) = (x.count / dimension, y.count / dimension)
        func within(_ set: [Float], _ count: Int) -> Double {
            var sum = 0.0
            for i in 0..<count { for j in 0..<count where i != j { sum += k(point(set, i), point(set, j)) } }
            return sum / Double(count * (count - 1))
        }
        var between = 0.0
        for i in 0..<n { for j in 0..<m { between += k(point(x, i), point(y, j)) } }
        return within(x, n) + within(y, m) - 2 * between / Double(n * m)
    }

    @Test("the kernel distance is that of the definition", arguments: [(3, 70, 81), (16, 90, 64), (1, 10, 9)])
    func kernelDefinition(dimension: Int, n: Int, m: Int) {
        let (x, y) = (normal(n * dimension, seed: 1).map { $0 + 0.5 }, normal(m * dimension, seed: 2))
        let expected = discrepancy(x, y, dimension) { a, b in
            let base = zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 } / Double(dimension) + 1
            return base * base * base
        }
        #expect(abs(KernelDistance(reference: y, dimension: dimension)(x) - expected) < single)
    }

    @Test("the kernel distance of one distribution is around zero, now and then below")
    func kernelUnbiased() {
        let values = (0..<40).map { index -> Double in
            let distance = KernelDistance(reference: normal(4 * 200, seed: UInt64(2 * index)), dimension: 4)
            return distance(normal(4 * 200, seed: UInt64(2 * index + 1)))
        }
        let mean: Double = values.reduce(0, +) / 40
        let squares = values.map { value -> Double in (value - mean) * (value - mean) }
        let deviation = (squares.reduce(0, +) / 39).squareRoot()
        // Four standard errors of the mean; the V-form would be (E k(x, x) - E k(x, x'))/n = 0.05 too much for
        // each set.
        #expect(abs(mean) < 4 * deviation / 40.0.squareRoot())
        #expect(4 * deviation / 40.0.squareRoot() < 0.05)
        #expect(values.contains { $0 < 0 } && values.contains { $0 > 0 })
    }

    @Test("the mean discrepancy is that of its five kernels")
    func meanDefinition() {
        let (x, y) = (normal(2 * 60, seed: 3).map { $0 * 0.7 }, normal(2 * 71, seed: 4))
        let metric = MeanDiscrepancy(reference: y, dimension: 2)
        let expected = discrepancy(x, y, 2) { a, b in
            let square = zip(a, b).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            return (0..<5).reduce(0.0) { sum, halving in
                let width = metric.width / Foundation.pow(2, Double(halving))
                return sum + Foundation.exp(-square / (2 * width * width)) / 5
            }
        }
        #expect(abs(metric(x) - expected) < rounding)
        #expect(expected > 0.005)
    }

    @Test("the widest kernel is twice the median distance of the reference, which scales with it")
    func meanWidth() {
        // Distances 1, 2 and 3: the median is 2.
        #expect(MeanDiscrepancy(reference: [0, 1, 3], dimension: 1).width == 4)
        let (x, y) = (normal(2 * 50, seed: 5), normal(2 * 50, seed: 6))
        let found = MeanDiscrepancy(reference: y, dimension: 2)(x)
        let scaled = MeanDiscrepancy(reference: y.map { $0 * 8 }, dimension: 2)(x.map { $0 * 8 })
        #expect(abs(found - scaled) < rounding)
    }

    @Test("the mean discrepancy of one distribution is around zero on either side, and sees what moments do not")
    func meanUnbiased() {
        let values = (0..<30).map { index -> Double in
            let discrepancy = MeanDiscrepancy(reference: normal(2 * 150, seed: UInt64(2 * index)), dimension: 2)
            return discrepancy(normal(2 * 150, seed: UInt64(2 * index + 1)))
        }
        #expect(values.contains { $0 < 0 } && values.contains { $0 > 0 })
        // The V-form would be above 1/150 throughout.
        #expect(abs(values.reduce(0, +) / 30) < 2e-3)
        // Signs have the mean and the variance of the normal distribution.
        let signs = normal(2 * 150, seed: 99).map { $0 > 0 ? Float(1) : -1 }
        #expect(MeanDiscrepancy(reference: normal(2 * 150, seed: 98), dimension: 2)(signs) > 0.05)
    }

    @Test("the score of a classifier is 1 for uniform logits, and the number of classes for sure and even ones")
    func classifierScore() {
        let score = ClassifierScore(classCount: 4)
        #expect(abs(score([Float](repeating: 3, count: 12)) - 1) < rounding)
        let sure = (0..<8).flatMap { row in (0..<4).map { $0 == row % 4 ? Float(200) : 0 } }
        #expect(abs(score(sure) - 4) < rounding)
        #expect(abs(score(Array(sure.prefix(8))) - 2) < rounding)
        // Sure, but of one class: nothing is gained over its marginal.
        #expect(abs(score(Array(sure.prefix(4))) - 1) < rounding)
        // Two samples of probabilities (3/4, 1/4) and (1/4, 3/4): exp(log 2 - entropy).
        let log3 = Float(Foundation.log(3.0))
        let entropy = -(0.75 * Foundation.log(0.75) + 0.25 * Foundation.log(0.25))
        let found = ClassifierScore(classCount: 2)([log3, 0, 0, log3])
        #expect(abs(found - 2 * Foundation.exp(-entropy)) < 1e-7, "log 3 is rounded to single precision")
        #expect(score([.nan, 0, 0, 0]).isNaN)
    }

    @Test("the variance ratio is the square of a scale, whatever the shift, and zero for one point")
    func varianceRatio() {
        // Sums in double precision of numbers rounded to single.
        let rounding = 1e-6
        let samples = normal(3 * 400, seed: 7)
        let ratio = VarianceRatio(reference: samples, dimension: 3)
        #expect(ratio(samples) == 1)
        #expect(abs(ratio(samples.map { $0 * 0.5 + 3 }) - 0.25) < rounding)
        #expect(ratio([Float](repeating: 2, count: 12)) == 0)
        #expect(ratio([.infinity, 0, 0, 1, 1, 1]).isNaN)
    }

    @Test("distances of samples that are not finite are NaN", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) {
        let (reference, samples) = (normal(2 * 20, seed: 11), normal(2 * 19, seed: 12) + [value, 0])
        #expect(KernelDistance(reference: reference, dimension: 2)(samples).isNaN)
        #expect(MeanDiscrepancy(reference: reference, dimension: 2)(samples).isNaN)
        #expect(MeanDiscrepancy(reference: [1, 1, 1, 1], dimension: 2)(reference).isNaN, "no width")
    }

    @Test("the exact flow map does not drift, and noise that stays drifts as far as the path moves")
    func drift() {
        // Float32 rounding of states of order one.
        let rounding = 1e-5
        let flow = GaussianFlow(mean: [1.5, -0.5], deviation: [0.5, 2])
        let noise = Tensor(normal(2 * 64, seed: 13), shape: [64, 2]), values = normal(2 * 64, seed: 13)
        let durations = [0.25, 0.5, 1]
        let states = durations.map { duration in
            let (start, end) = (Tensor(1).broadcast(to: [64, 1]), Tensor(1 - duration).broadcast(to: [64, 1]))
            return Tensor.materialized([flow(noise, from: start, to: end, given: .none)])[0]
        }
        let curve = DriftCurve(durations: durations, states: states)
        #expect(onCPU { try curve(flow, noise: noise, given: .none, on: $0) }.allSatisfy { $0 < rounding })
        let still = curve(durations.map { _ in values })
        for (state, found) in zip(states, still) {
            let (gap, size) = zip(state, values).reduce((0.0, 0.0)) { sums, pair in
                let (state, start) = (Double(pair.0), Double(pair.1))
                return (sums.0 + (start - state) * (start - state), sums.1 + state * state)
            }
            #expect(abs(found - (gap / size).squareRoot()) < rounding)
        }
        #expect(still[0] < still[1] && still[1] < still[2])
    }

    @Test("the drift is measured at even steps of the sampler, the last at its end")
    func driftSteps() {
        #expect(Sampler.heun(steps: 64).driftSteps(8) == [8, 16, 24, 32, 40, 48, 56, 64])
        #expect(Sampler.euler(steps: 3).driftSteps(8) == [1, 2, 3])
        var seen: [Int] = []
        let noise = Tensor(normal(4, seed: 14), shape: [2, 2])
        let flow = GaussianFlow(mean: [0, 0], deviation: [1, 1])
        var last: [Float] = []
        let end = Sampler.euler(steps: 3)(flow, noise: noise, given: .none) { step, state in
            seen.append(step)
            last = state
        }
        #expect(seen == [1, 2, 3] && last == end)
    }
}
