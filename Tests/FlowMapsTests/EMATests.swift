import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Which average is evaluated") struct EMATests {
    private func optimization(_ average: EMA, steps: Int = 200) -> Optimization {
        Optimization(steps: steps, batch: 16, learningRate: 0.02, warmUp: 0, cooldown: 0, clip: nil, ema: average)
    }

    private func trainer(_ average: EMA) -> Trainer<TrainState<TeacherModel>> {
        let data = TrainingData(PlanarSet.rings.dataset(count: 200, key: RandomKey(seed: 1)).unlabelled)
        return TeacherTraining(
            network: .mlp(width: 8, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 4)),
            optimization: optimization(average), labelDropout: 0, times: .uniform(from: 0, to: 1)
        ).trainer(on: data, key: RandomKey(seed: 2))
    }

    private func numbers(_ module: some Module) -> [Double] {
        Tensor.materialized(module.parameters).flatMap { $0 }.doubles
    }

    /// Float32 over two hundred steps, whose sums are perhaps taken in another order.
    private let rounding = 1e-3
    private let stored = PostHocEMA(stored: [0.05, 0.1], snapshots: 10, sigmaRel: 0.075)

    @Test("every form is read and written, and a bare number is refused with both of its readings")
    func coding() throws {
        func decoded(_ text: String) throws -> EMA {
            try JSONDecoder().decode([WrittenEMA].self, from: Data("[\(text)]".utf8))[0].ema(ofSteps: 1, batch: 1)
        }
        let cases: [(String, EMA)] = [
            (#"{"none": {}}"#, .none), (#"{"halfLife": {"_0": 0.05}}"#, .halfLife(0.05)),
            (#"{"decay": {"_0": 0.9999}}"#, .decay(0.9999)),
            (#"{"power": {"sigmaRel": 0.1}}"#, .power(sigmaRel: 0.1)),
            (
                #"{"postHoc": {"_0": {"stored": [0.05, 0.1], "snapshots": 10, "sigmaRel": 0.075}}}"#,
                .postHoc(stored)
            ),
        ]
        for (text, average) in cases {
            #expect(try decoded(text) == average)
            let written = String(decoding: try JSONEncoder().encode([average]), as: UTF8.self)
            #expect(try decoded(String(written.dropFirst().dropLast())) == average)
        }
        func refusal(_ text: String) -> String? {
            #expect(throws: Violation.self) { try decoded(text) }?.description
        }
        #expect(
            refusal("0.9999") == "found 0.9999 without a unit, allowed: halfLife: 0.9999, as a share of all steps, "
                + "or decay: 0.9999, the share of the average that each step keeps")
        #expect(refusal("0") == "found 0.0 without a unit, allowed: none")
    }

    @Test("a decay keeps its share of the average at each step")
    func decay() throws {
        let trainer = trainer(.decay(0.75))
        let start = numbers(trainer.state.model)
        try trainer.advance(to: 1)
        let expected = zip(start, numbers(trainer.state.model)).map { 0.75 * $0 + 0.25 * $1 }
        #expect(mismatch(numbers(trainer.state.average), expected, within: rounding) == nil)
    }

    @Test("averages stored on the way make any other at the end, as if it had been followed")
    func postHoc() throws {
        let (first, second, own) = (
            trainer(.postHoc(stored)), trainer(.power(sigmaRel: 0.1)), trainer(.power(sigmaRel: 0.075))
        )
        var snapshots: [[Double]] = []
        for step in stored.steps(of: 200) {
            try first.advance(to: step)
            snapshots.append(numbers(first.state.average))
            snapshots.append(numbers(first.state.averages[0]))
        }
        try second.advance(to: 200)
        try own.advance(to: 200)
        // Averaging changes nothing of the training.
        #expect(mismatch(numbers(first.state.model), numbers(own.state.model), within: rounding) == nil)
        #expect(mismatch(numbers(first.state.averages[0]), numbers(second.state.average), within: rounding) == nil)
        let expected = numbers(own.state.average)
        var found = [Double](repeating: 0, count: expected.count)
        for (share, numbers) in zip(stored.shares(of: 200), snapshots) {
            for (index, number) in numbers.enumerated() { found[index] += share * number }
        }
        func distance(_ other: [Double]) -> Double {
            let squares = zip(other, expected).map { ($0 - $1) * ($0 - $1) }
            return squares.reduce(0, +).squareRoot()
        }
        let ownDistance = distance(found)
        // A tenth of how far the stored ones and the last weights are from it.
        #expect(ownDistance < 0.1 * distance(numbers(first.state.average)), "\(ownDistance)")
        #expect(ownDistance < 0.1 * distance(numbers(second.state.average)))
        #expect(ownDistance < 0.1 * distance(numbers(own.state.model)))
    }

    @Test("which one is wanted decides nothing of the training")
    func choice() {
        func training(_ sigmaRel: Double) -> TeacherTraining {
            TeacherTraining(
                network: .mlp(width: 8, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 4)),
                optimization: optimization(
                    .postHoc(.init(stored: [0.05, 0.1], snapshots: 4, sigmaRel: sigmaRel))), labelDropout: 0,
                times: .uniform(from: 0, to: 1))
        }
        #expect(training(0.06) != training(0.07) && training(0.06).withoutChoice == training(0.07).withoutChoice)
        #expect(stored.steps(of: 200) == (1...10).map { 20 * $0 } && stored.steps(of: 3) == [1, 2, 3])
    }

    @Test("lengths that no average has are refused")
    func refused() {
        func message(_ value: some Validated) -> String? {
            #expect(throws: Violation.self) { try value.validate() }?.description
        }
        let allowed = "allowed: more than 0 and at most 0.288, where all steps count alike"
        #expect(message(EMA.power(sigmaRel: 0.3)) == "power.sigmaRel: found 0.3, \(allowed)")
        #expect(message(EMA.halfLife(-1)) == "halfLife: found -1.0, allowed: more than 0 and at most 1")
        #expect(message(EMA.decay(1)) == "decay: found 1.0, allowed: more than 0 and less than 1")
        func averages(_ stored: [Double], _ snapshots: Int = 4, _ sigmaRel: Double = 0.1) -> PostHocEMA {
            .init(stored: stored, snapshots: snapshots, sigmaRel: sigmaRel)
        }
        #expect(message(averages([0.1])) == "stored: found 1 averages, allowed: at least two")
        #expect(message(averages([0.1, 0.05])) == "stored: found [0.1, 0.05], allowed: rising numbers, each once")
        #expect(message(averages([0, 0.1])) == "stored: found 0.0, \(allowed)")
        #expect(message(averages([0.05, 0.1], 0)) == "snapshots: found 0, allowed: from 1 to 1000")
        #expect(message(averages([0.05, 0.1], 4, 1)) == "sigmaRel: found 1.0, \(allowed)")
    }
}
