import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Parts of methods") struct MethodPartTests {
    /// Float32 rounding of numbers below one.
    private let rounding: Float = 1e-6

    private func drawn(_ times: TimePairs, progress: Double = 0) -> (t: [Float], s: [Float]) {
        let (t, s) = times.draw(512, key: RandomKey(seed: 4), step: Tensor(3), progress: Tensor(progress))
        let values = Tensor.materialized([t, s])
        return (values[0], values[1])
    }

    static let distributions: [TimePairs] = [
        .pair(first: .uniform(from: 0, to: 1), second: .uniform(from: 0, to: 1), equal: 0.25),
        .gap(length: .uniform(from: 0, to: 0.5)), .grid(steps: 4), .halving(steps: 8, stages: 3), .dyadic(levels: 7),
        .diagonal(times: .uniform(from: 0, to: 1)), .toData(times: .point(at: 1)),
        .fromNoise(durations: .uniform(from: 0, to: 1)),
        // Distributions of a single time, however they are written.
        .pair(first: .point(at: 0.5), second: .uniform(from: 0.5, to: 0.5), equal: 0),
        .gap(
            length: .mixture(of: [
                .init(weight: 1, distribution: .point(at: 0)), .init(weight: 2, distribution: .point(at: 0)),
            ])),
        .pair(first: .point(at: 0.5), second: .logitNormal(location: 0, scale: 0), equal: 0),
        .pair(first: .point(at: 0.5), second: .point(at: 0.25), equal: 0),
        .pair(first: .uniform(from: 0, to: 0.5), second: .point(at: 1), equal: 0), .grid(steps: 1), .dyadic(levels: 1),
    ]

    @Test("times lie in order within [0, 1]", arguments: distributions)
    func order(times: TimePairs) {
        let (t, s) = drawn(times)
        #expect(zip(t, s).allSatisfy { $1 >= -rounding && $1 <= $0 && $0 <= 1 + rounding })
        #expect(times.hasIntervals == zip(t, s).contains { $0 > $1 })
        #expect(times.beginAtNoise == t.allSatisfy { $0 == 1 })
    }

    @Test("a grid that is halved begins fine and ends as one step")
    func halving() {
        for (progress, steps) in [(0.0, 8.0), (0.3, 8), (0.34, 4), (0.67, 2), (0.999, 2)] {
            let (t, s) = drawn(.halving(steps: 8, stages: 3), progress: progress)
            #expect(zip(t, s).allSatisfy { abs(Double($0 - $1) - 1 / steps) < Double(rounding) })
            #expect(Set(t.map { ($0 * Float(steps)).rounded() }).count == Int(steps))
        }
    }

    @Test("dyadic steps are of all lengths, each on its own grid")
    func dyadic() {
        let (t, s) = drawn(.dyadic(levels: 4))
        let lengths = zip(t, s).map { $0 - $1 }
        #expect(Set(lengths).sorted() == [0.125, 0.25, 0.5, 1])
        #expect(zip(t, lengths).allSatisfy { ($0 / $1).rounded() == $0 / $1 })
    }

    static let neighbours: [Neighbour] = [
        .grid(levels: 16), .doubling(from: 2, to: 64), .sigmaShare(base: 2, stages: 8),
        .sigmaStep(largest: 160, halvings: 12),
    ]

    @Test("a neighbour lies below t, not below s, and nearer the later it is", arguments: neighbours)
    func neighbour(neighbour: Neighbour) {
        let t = Tensor.column([0.1, 0.3, 0.5, 0.7, 0.9, 0.99]), s = Tensor.column([0, 0.1, 0.3, 0, 0.8, 0.5])
        func gaps(_ progress: Double) -> [Double] {
            let found = neighbour.times(t, above: s, progress: Tensor(progress))
            let (t, r, s) = (found.t.evaluated(), found.r.evaluated(), s.evaluated())
            #expect(zip(r, s).allSatisfy { $0 >= $1 })
            #expect(zip(t, r).allSatisfy { $0 > $1 })
            return zip(t, r).map { $0 - $1 }
        }
        #expect(zip(gaps(0), gaps(0.99)).allSatisfy { $0 >= $1 - 1e-12 })
    }

    @Test("the weight of moments is that of its paper's own form")
    func momentWeight() {
        for (power, bias) in [(1, 4.0), (2, 5)] {
            for t in [0.1, 0.5, 0.9] {
                let lambda = 2 * log(Tensor((1 - t) / t)).evaluated()[0]
                let sigmoid = 1 / (1 + exp(Tensor(lambda - bias)).evaluated()[0])
                let rest = power == 1 ? 1 - t : (1 - t) * (1 - t)
                let expected = 0.5 * sigmoid * 2 / (t * (1 - t)) * rest / ((1 - t) * (1 - t) + t * t)
                let found = MomentWeight(power: power, bias: bias)(.column([t])).evaluated()[0]
                #expect(abs(found / expected - 1) < 1e-12)
            }
        }
    }

    @Test("a teacher's path begins at the prior and moves as its sampler, whose end it has at t = 0")
    func path() {
        let flow = GaussianFlow(mean: [1, -1], deviation: [0.5, 2])
        let noise = Tensor.normal([4, 2], key: RandomKey(seed: 9))
        for sampler in [Sampler.euler(steps: 8), .heun(steps: 8)] {
            func path(_ t: Double) -> [Float] {
                Tensor.materialized([sampler.path(of: flow, noise: noise, to: .column([t, t, t, t]), given: .none)])[0]
            }
            #expect(mismatch(path(1), Tensor.materialized([noise])[0]) == nil)
            guard case .euler = sampler else { continue }
            #expect(zip(path(0), sampler(flow, noise: noise, given: .none)).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test("which methods see data and ask a teacher is as their papers say")
    func table() {
        let fromScratch: [MethodName] = [
            "flowMatching", "shortcut", "imm", "stei", "stee", "meanFlow", "decoupledMeanFlow", "sCT", "ct", "iCT",
            "ect", "lsd", "esd", "psd",
        ]
        let dataFree: [MethodName] = ["freeflow", "kd", "reflow", "dmd", "dmd2", "vsd", "sid", "fgm"]
        for name in MethodName.allCases {
            #expect(name.method.isDataFree == dataFree.contains(name), "\(name)")
            // Progressive distillation asks only its own predecessor, which begins as the teacher.
            let asks = !fromScratch.contains(name) && name != "progressive"
            #expect(name.method.evaluatesTeacher == asks, "\(name)")
            #expect(throws: Never.self) { try name.method.validate() }
        }
    }

    @Test("every teacher has a gradient by its input, so that no target is refused for want of one")
    func inputGradients() {
        let image = ImageShape(channels: 1, height: 2, width: 2), x = Tensor.normal([2, 4], key: RandomKey(seed: 1))
        let times = Frequencies(count: 2, lowest: 1, highest: 3), t = Tensor.column([0.3, 0.9])
        let shapes: [NetworkShape] = [
            .mlp(width: 6, depth: 2, times: times), .sit(patch: 1, width: 8, depth: 1, heads: 2, times: times),
        ]
        let networks = shapes.map { shape -> any VelocityField in
            let network = shape.build(dimension: 4, image: image, classes: 0, key: RandomKey(seed: 2))
            return LearnedVelocity(network.mapParameters { $0 + 0.3 * .normal($0.shape, key: RandomKey(seed: 3)) })
        }
        let mixture = GaussianMixture(means: [[1, 0, 0, 1], [0, -1, 0.5, 0]], deviation: 0.5)
        for teacher in networks + [mixture as any VelocityField] {
            func value(_ x: Tensor) -> Tensor { square(teacher(x, at: t, given: .none)).sum() }
            let found = gradient(of: value, at: x).evaluated()
            let step = 1e-5
            let expected = (0..<8).map { place in
                let away = step * Tensor((0..<8).map { $0 == place ? 1 : 0 }, shape: [2, 4])
                return (value(x + away) - value(x - away)).evaluated()[0] / (2 * step)
            }
            // Central differences in float64: ε² and rounding by ε.
            #expect(mismatch(found, expected, within: 1e-8) == nil)
            #expect(largest(expected) > 1e-3)
        }
    }

    @Test(
        "rematerialization has each network's forward pass again, the auxiliary's in each of its updates, and is no part of a budget"
    )
    func rematerialized() {
        func optimization(_ rematerialize: Bool) -> Optimization {
            Optimization(
                steps: 1000, batch: 200, learningRate: 1e-3, warmUp: 0, cooldown: 0, clip: nil, ema: .none,
                rematerialize: rematerialize)
        }
        #expect(Method.freeflow.rematerializedPasses(of: optimization(false)) == 0)
        #expect(Method.meanFlow.rematerializedPasses(of: optimization(true)) == 1)
        // Three quarters have the student's pass again, a quarter the auxiliary's too.
        #expect(Method.freeflow.rematerializedPasses(of: optimization(true)) == 1.25)
        #expect(Method.dmd2.rematerializedPasses(of: optimization(true)) == 6)
        #expect(
            Method.freeflow.forwardEquivalents(of: optimization(true))
                == Method.freeflow.forwardEquivalents(of: optimization(false)))
    }

    @Test("a row costs what its passes do")
    func cost() {
        let optimization = Optimization(
            steps: 1000, batch: 200, learningRate: 1e-3, warmUp: 0, cooldown: 0, clip: nil, ema: .none)
        func cost(_ method: Method) -> Double {
            method.forwardEquivalents(of: optimization)
        }
        #expect(cost(.flowMatching) == 3)
        #expect(cost(.meanFlow) == 4)
        #expect(cost(.meanFlowFromTeacher) == 5 && cost(.ayfLMD) == 5 && cost(.sdei) == 5)
        #expect(cost(.cd) == 6)
        #expect(cost(.piFlow) == 5)
        // An eighth of the rows at 5, the rest at 3.
        #expect(abs(cost(.shortcut) - (0.125 * 5 + 0.875 * 3)) < 1e-12)
        // Three quarters at 5, a quarter at 7.
        #expect(cost(.freeflow) == 5.5)
        #expect(cost(.vsd) == 11 && cost(.dmd2) == 23 && cost(.fgm) == 15)
        // 20,000 samples of 63 evaluations, shared by 200,000 rows.
        #expect(abs(cost(.kd) - 9.3) < 1e-12)
    }
}
