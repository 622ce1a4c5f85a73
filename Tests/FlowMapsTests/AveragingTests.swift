import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Which average is evaluated") struct AveragingTests {
    private func optimization(_ average: Averaging, steps: Int = 200) -> Optimization {
        Optimization(steps: steps, batch: 16, rate: 0.02, warmUp: 0, decay: 0, clip: nil, average: average)
    }

    private func trainer(_ average: Averaging) -> Trainer<Learner<TeacherModel>> {
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
    private let stored = Averaging.StoredAverages(stored: [0.05, 0.1], snapshots: 10, deviation: 0.075)

    @Test("is written as a number or by its name, and read back")
    func coding() throws {
        func decoded(_ text: String) throws -> Averaging {
            try JSONDecoder().decode([Averaging].self, from: Data("[\(text)]".utf8))[0]
        }
        let cases: [(String, Averaging)] = [
            ("0.05", .halfLife(0.05)), (#"{"power": {"deviation": 0.1}}"#, .power(deviation: 0.1)),
            (
                #"{"afterwards": {"_0": {"stored": [0.05, 0.1], "snapshots": 10, "deviation": 0.075}}}"#,
                .afterwards(stored)
            ),
        ]
        for (text, average) in cases {
            #expect(try decoded(text) == average)
            let written = String(decoding: try JSONEncoder().encode([average]), as: UTF8.self)
            #expect(try JSONDecoder().decode([Averaging].self, from: Data(written.utf8)) == [average])
        }
        let text = #expect(throws: Violation.self) { try decoded(#""long""#) }?.description
        #expect(text == "found long, allowed: a decimal number, power: {deviation} or afterwards: {stored, …}")
    }

    @Test("averages stored on the way make any other at the end, as if it had been followed")
    func afterwards() throws {
        let (first, second, own) = (
            trainer(.afterwards(stored)), trainer(.power(deviation: 0.1)), trainer(.power(deviation: 0.075))
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
            for index in found.indices { found[index] += share * numbers[index] }
        }
        func distance(_ other: [Double]) -> Double {
            zip(other, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        let ownDistance = distance(found)
        // A tenth of how far the stored ones and the last weights are from it.
        #expect(ownDistance < 0.1 * distance(numbers(first.state.average)), "\(ownDistance)")
        #expect(ownDistance < 0.1 * distance(numbers(second.state.average)))
        #expect(ownDistance < 0.1 * distance(numbers(own.state.model)))
    }

    @Test("which one is wanted decides nothing of the training")
    func choice() {
        func training(_ deviation: Double) -> TeacherTraining {
            TeacherTraining(
                network: .mlp(width: 8, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 4)),
                optimization: optimization(
                    .afterwards(.init(stored: [0.05, 0.1], snapshots: 4, deviation: deviation))), labelDropout: 0,
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
        let allowed = "allowed: more than 0 and at most 0.288, which is all steps alike"
        #expect(message(Averaging.power(deviation: 0.3)) == "power.deviation: found 0.3, \(allowed)")
        func averages(_ stored: [Double], _ snapshots: Int = 4, _ deviation: Double = 0.1) -> Averaging.StoredAverages {
            .init(stored: stored, snapshots: snapshots, deviation: deviation)
        }
        #expect(message(averages([0.1])) == "stored: found 1 averages, allowed: at least two")
        #expect(message(averages([0.1, 0.05])) == "stored: found [0.1, 0.05], allowed: rising numbers, each once")
        #expect(message(averages([0, 0.1])) == "stored: found 0.0, \(allowed)")
        #expect(message(averages([0.05, 0.1], 0)) == "snapshots: found 0, allowed: from 1 to 1000")
        #expect(message(averages([0.05, 0.1], 4, 1)) == "deviation: found 1.0, \(allowed)")
    }
}
