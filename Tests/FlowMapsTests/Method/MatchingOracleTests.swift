import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Methods that compare distributions, at a Gaussian student whose divergence is known") struct MatchingOracleTests
{
    /// Float64 rounding through a few dozen operations on numbers of order one.
    private let rounding = 1e-11
    /// Of central differences in float64: ε² and rounding by ε at ε = 10⁻⁵.
    private let differences = 1e-8

    static let cases: [(scale: Double, shift: Double, level: Double)] = [
        (0.8, 0.3, 0.1), (0.8, 0.3, 0.5), (2.5, -2, 0.4), (0.25, 1.5, 0.7), (0.5, -1, 0.3),
    ]
    private let mean = 1.0, deviation = 0.5

    /// The one-step student x = a z + b.
    private struct Generator: FlowMap {
        let scale, shift: Tensor

        func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
            x - (scale * x + shift)
        }
    }

    /// The gradient by a and b of E F · direction, the auxiliary being the student's own velocity.
    ///
    /// Directions are linear in z and n, so the expectation needs their first two moments only, which four points have.
    private func gradient(_ target: Target, scale: Double, shift: Double, level: Double) -> [Double] {
        let term = Term(
            states: .prior, times: .toData(times: .point(at: 1)), target: target, weighting: .plain)
        let four = [1.0, 1, 1, 1]
        let rows = TermBatch.of(
            sample: nil, noise: .column([-1, -1, 1, 1]), t: four, s: four.map { _ in 0 },
            level: four.map { _ in level },
            renoise: .column([-1, 1, -1, 1]))
        let result = valueAndGradient(
            of: { parameters in
                let networks = TermNetworks.of(
                    Generator(scale: parameters[0], shift: parameters[1]),
                    teacher: GaussianFlow(mean: [mean], deviation: [deviation]),
                    auxiliary: GaussianFlow(mean: [shift], deviation: [scale]))
                let result = term(rows, networks)
                return (result.output * result.direction).mean()
            }, at: [Tensor(scale), Tensor(shift)])
        return Program { _ in result.gradient }.evaluate().flatMap { $0 }
    }

    @Test("a score by (1 − r)² / r of velocities has the gradient of the divergence", arguments: cases)
    func divergence(scale: Double, shift: Double, level: Double) {
        let share = (1 - level) * (1 - level)
        let teacher = share * deviation * deviation + level * level
        let student = share * scale * scale + level * level
        // As of FreeFlow's correction: KL = ½ (ln (S²_p / S²_q) + (S²_q + (1 − r)² (b − m)²) / S²_p − 1).
        let expected = [share * scale * (1 / teacher - 1 / student), share * (shift - mean) / teacher]
        for (weight, factor) in [(ScoreWeight.velocity, share / level), (.denoiser, share / (level * level))] {
            let found = gradient(
                .score(levels: .point(at: level), weight: weight), scale: scale, shift: shift, level: level)
            #expect(mismatch(found.map { factor * $0 }, expected, within: rounding) == nil)
        }
    }

    /// E (u − v)² at the student's noised samples, whose velocity is v.
    private func fisher(_ scale: Double, _ shift: Double, _ level: Double) -> Double {
        func line(_ mean: Double, _ deviation: Double) -> (slope: Double, start: Double) {
            let variance = deviation * deviation, rest = 1 - level
            let slope = (level - rest * variance) / (rest * rest * variance + level * level)
            return (slope, -mean - slope * rest * mean)
        }
        let (u, v) = (line(mean, deviation), line(shift, scale))
        let slope = u.slope - v.slope, middle = slope * (1 - level) * shift + u.start - v.start
        let spread = (1 - level) * (1 - level) * scale * scale + level * level
        return middle * middle + slope * slope * spread
    }

    @Test("at α = ½ the Fisher target has the whole gradient of the divergence", arguments: cases)
    func fisherDivergence(scale: Double, shift: Double, level: Double) {
        let step = 1e-5
        let expected = [
            (fisher(scale + step, shift, level) - fisher(scale - step, shift, level)) / (2 * step),
            (fisher(scale, shift + step, level) - fisher(scale, shift - step, level)) / (2 * step),
        ]
        for (weight, factor) in [(ScoreWeight.velocity, 1.0), (.denoiser, level * level)] {
            let target = Target.fisher(levels: .point(at: level), weight: weight, alpha: 0.5)
            let found = gradient(target, scale: scale, shift: shift, level: level)
            #expect(mismatch(found, expected.map { factor * $0 }, within: differences) == nil)
        }
        // Where the deviations are equal, u − v is the same everywhere, and α multiplies nothing.
        guard scale != deviation else { return }
        let whole = Target.fisher(levels: .point(at: level), weight: .velocity, alpha: 1.2)
        #expect(relativeDifference(gradient(whole, scale: scale, shift: shift, level: level), expected) > 0.01)
    }

    @Test("at the teacher's distribution nothing moves")
    func still() {
        for weight in ScoreWeight.allCases {
            for target in [
                Target.score(levels: .point(at: 0.4), weight: weight),
                .fisher(levels: .point(at: 0.4), weight: weight, alpha: 0.5),
            ] {
                #expect(largest(gradient(target, scale: deviation, shift: mean, level: 0.4)) < rounding)
            }
        }
    }

    @Test("moments have the gradient of the squared mean discrepancy of their groups")
    func moments() {
        let (groups, group, dimension) = (2, 3, 2), count = 6
        let weight = MomentWeight(power: 1, bias: 4)
        let term = Term(
            states: .data(augmentation: Augmentation(kinds: [], strength: 0)),
            times: .pair(first: .point(at: 1), second: .point(at: 0), equal: 0),
            target: .moments(
                neighbour: .sigmaStep(largest: 160, halvings: 12), solver: .conditional, group: group, weight: weight),
            weighting: .plain)
        let t = [0.8, 0.8, 0.8, 0.5, 0.5, 0.5], s = [0.2, 0.2, 0.2, 0.1, 0.1, 0.1], r = [0.6, 0.6, 0.6, 0.3, 0.3, 0.3]
        let sample = Tensor.normal([count, dimension], key: RandomKey(seed: 3))
        let noise = Tensor.normal([count, dimension], key: RandomKey(seed: 4))
        let flow = GaussianFlow(mean: [0, 1], deviation: [2, 0.5])
        let rows = TermBatch.of(sample: sample, noise: noise, t: t, s: s, r: r)
        let result = term(rows, .of(flow, teacher: flow))
        func end(_ time: [Double]) -> [Double] {
            let state = Interpolant.state(data: sample, noise: noise, at: .column(time))
            return flow(state, from: .column(time), to: .column(s), given: .none).evaluated()
        }
        let (moved, other) = (end(t), end(r))
        let weights = weight(.column(t)).evaluated()
        func discrepancy(_ a: [Double]) -> Double {
            func kernel(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>, _ width: Double) -> Double {
                let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                return exp(Tensor(-distance / width)).evaluated()[0]
            }
            func row(_ values: [Double], _ index: Int) -> ArraySlice<Double> {
                values[(index * dimension)..<((index + 1) * dimension)]
            }
            var total = 0.0
            for start in stride(from: 0, to: count, by: groups == 2 ? group : count) {
                let width = Double(dimension) * (t[start] - s[start])
                for j in start..<(start + group) {
                    for k in start..<(start + group) {
                        let pair = kernel(row(a, j), row(a, k), width) - 2 * kernel(row(a, j), row(other, k), width)
                        total += weights[start] / 9 * pair
                    }
                }
            }
            return total
        }
        let step = 1e-5
        let expected = moved.indices.map { place in
            var (up, down) = (moved, moved)
            up[place] += step
            down[place] -= step
            // f = x + (s − t) F.
            return (discrepancy(up) - discrepancy(down)) / (2 * step) * (s[place / dimension] - t[place / dimension])
        }
        #expect(mismatch(result.direction.evaluated(), expected, within: differences) == nil)
        #expect(largest(expected) > 1e-3)
    }
}
