import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("What was taken from the methods' own codes") struct OwnCodeTests {
    /// Float64 rounding through a few operations.
    private let rounding = 1e-12
    private let residual = Tensor([0.5, -2, 0.25, 3] as [Float], shape: [2, 2])
    private let output = Tensor([1, 2, -1, 0.5] as [Float], shape: [2, 2])

    private func direction(_ weighting: Weighting, at t: [Double]) -> [Double] {
        weighting(residual, of: output, from: .column(t), to: .zeros([2, 1]), neighbour: .zeros([2, 1])).evaluated()
    }

    @Test("FACM relaxes the clamped error inside its normaliser (arXiv 2507.03738)")
    func relaxation() {
        let weighting = Weighting(
            space: .velocity, residual: .clamped(limit: 1, power: 0.5, epsilon: 1e-3), time: .anchored)
        let found = direction(weighting, at: [0.75, 0.75])
        // 1 − √(1 − 0.75) = ½ of ±1 at most.
        let sine = (0.75 * 3.141592653589793 / 2).sine
        let expected = [[0.25, -0.5], [0.125, 0.5]].flatMap { row -> [Double] in
            let mean = (row[0] * row[0] + row[1] * row[1]) / 2 + 1e-3
            return row.map { sine * $0 / mean.squareRoot() }
        }
        #expect(mismatch(found, expected, within: rounding) == nil)
    }

    @Test("FACM's anchor turns the velocity too: the slope of d (1 − cos) / 2 stands across it")
    func cosine() {
        let found = direction(Weighting(space: .velocity, residual: .cosine, time: .one), at: [1, 1])
        let turn = zip(found, residual.evaluated()).map { $0 - $1 }, output = output.evaluated()
        for row in 0..<2 {
            #expect(abs(turn[2 * row] * output[2 * row] + turn[2 * row + 1] * output[2 * row + 1]) < 1e-9)
        }
        // Where F points as its target does, nothing is left to turn.
        let along = Weighting(space: .velocity, residual: .cosine, time: .one)(
            output: self.output, residual: 0.5 * self.output)
        #expect(mismatch(along, (0.5 * self.output).evaluated(), within: 1e-9) == nil)
    }

    @Test("the cosine of TrigFlow's tangent takes rows near noise away, inside the normaliser (arXiv 2410.11081)")
    func tangent() {
        let plain = Weighting(space: .velocity, residual: .normalised(constant: 0.1), time: .one)
        let turned = Weighting(space: .velocity, residual: .normalised(constant: 0.1), time: .cosine)
        #expect(mismatch(direction(turned, at: [0, 0]), direction(plain, at: [0, 0]), within: rounding) == nil)
        #expect(direction(turned, at: [1, 1]).allSatisfy { $0 == 0 })
        let half = direction(plain, at: [0.5, 0.5]), less = direction(turned, at: [0.5, 0.5])
        #expect(zip(half, less).allSatisfy { abs($1) < abs($0) && abs($1) > 0.7 * abs($0) })
    }

    @Test("MeanFlow's constant stands beside the sum of squares (arXiv 2505.13447)")
    func sum() {
        let mean = AdaptiveWeight(power: 1, epsilon: 0.005), sum = AdaptiveWeight(power: 1, epsilon: 0.01, over: .sum)
        #expect(mismatch(sum(residual).evaluated(), mean(residual).evaluated(), within: rounding) == nil)
        #expect(Method.meanFlow.main.weighting == .adaptive(power: 1, epsilon: 0.01, over: .sum))
    }

    @Test("AYF's ramp ends at 0.99 (arXiv 2506.14603)")
    func ramp() {
        #expect(Method.ayfEMD.main.target == .eulerian(velocity: .teacher, warmUp: 0.1, highest: 0.99))
    }

    @Test("further updates of the auxiliary see other samples than the student was judged by (arXiv 2405.14867)")
    func fresh() {
        let term = Method.vsd.main,
            streams = TermStreams(key: RandomKey(seed: 1), isSecond: false, sharing: .nothing)
        let data = TrainingData(
            Dataset(name: "points", samples: [0, 0, 1, 1], dimension: 2, labels: [0, 1], classCount: 2))
        func noise(_ streams: TermStreams) -> [Double] {
            BatchSampler(term: term, data: data, bank: nil, labelDropout: 0, streams: streams)
                .rows(
                    0..<4, of: 4, step: Tensor(1), progress: Tensor(0),
                    student: GaussianFlow(mean: [0, 0], deviation: [1, 1])
                ).noise.evaluated()
        }
        let draws = [streams, streams.of(update: 1), streams.of(update: 2)].map(noise)
        #expect(Set(draws).count == 3)
        #expect(draws[1] == noise(streams.of(update: 1)))
    }
}

extension Weighting {
    /// The direction of a residual at t = 1.
    fileprivate func callAsFunction(output: Tensor, residual: Tensor) -> [Double] {
        let count = output.shape[0]
        return self(
            residual, of: output, from: .ones([count, 1]), to: .zeros([count, 1]), neighbour: .zeros([count, 1])
        )
        .evaluated()
    }
}

extension Double {
    fileprivate var sine: Double { sin(Tensor(self)).evaluated()[0] }
}
