import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Data in training") struct TrainingDataTests {
    /// Sample i is (i, −i) and of class i mod 3.
    private let data = TrainingData(
        Dataset(
            name: "numbers", samples: (0..<30).flatMap { [Float($0), Float(-$0)] }, dimension: 2,
            labels: (0..<30).map { $0 % 3 }, classCount: 3))

    @Test("rows are drawn with their labels, evenly, with replacement, and anew at each step")
    func rows() throws {
        let count = 6000
        func draw(_ step: Double) throws -> (samples: [Float], labels: [Float]) {
            let drawn = data.draw(count, key: RandomKey(seed: 1), step: Tensor(step))
            let values = Tensor.materialized([drawn.samples, try #require(drawn.condition.labels)])
            return (values[0], values[1])
        }
        let first = try draw(1), second = try draw(2)
        let places = (0..<count).map { Int(first.samples[2 * $0]) }
        #expect(places.indices.allSatisfy { first.samples[2 * $0 + 1] == Float(-places[$0]) })
        #expect(mismatch(places.map { Float($0 % 3) }, first.labels) == nil)
        // Five standard errors of a count of 200: √(6000 / 30 · 29 / 30) = 14.
        #expect((0..<30).allSatisfy { place in abs(places.count { $0 == place } - 200) < 70 })
        #expect(mismatch(first.samples, second.samples) != nil)
    }

    @Test("without labels there is no condition, without a range of values the background is 0")
    func unlabelled() {
        let plain = TrainingData(Dataset(name: "plain", samples: [1, 2, 3], dimension: 1))
        #expect(plain.draw(4, key: RandomKey(seed: 1), step: Tensor(1)).condition.labels == nil)
        #expect(plain.classes == 0 && plain.dimension == 1 && plain.background == 0)
    }

    @Test(
        "the class is withheld from a share of the rows: only what a row has seen of the label table is learned",
        arguments: [
            (0, [true, true, true, false]), (0.5, [true, true, true, true]), (1, [false, false, false, true]),
        ] as [(Double, [Bool])])
    func dropout(share: Double, learned: [Bool]) throws {
        let training = TeacherTraining(
            network: .mlp(width: 4, depth: 1, times: Frequencies(count: 1, lowest: 1, highest: 1)),
            optimization: Optimization(
                steps: 3, batch: 32, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none),
            labelDropout: share, times: .uniform(from: 0, to: 1))
        let trainer = training.trainer(on: data, key: RandomKey(seed: 4))
        func table() throws -> [Float] {
            guard case .mlp(let mlp) = trainer.state.model.network else { return [] }
            return Tensor.materialized([try #require(mlp.conditioning.label).table])[0]
        }
        let before = try table()
        try trainer.advance(to: 3)
        let after = try table()
        #expect((0..<4).map { before[4 * $0..<4 * $0 + 4] != after[4 * $0..<4 * $0 + 4] } == learned)
    }
}
