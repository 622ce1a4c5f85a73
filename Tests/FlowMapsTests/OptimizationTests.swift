import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("What is said of any training") struct OptimizationTests {
    /// Float64 rounding through a handful of operations.
    private let rounding = 1e-12

    private func optimization(
        steps: Int = 20, batch: Int = 4, rate: Double = 0.5, warmUp: Double = 0, decay: Double = 0, clip: Double? = nil,
        ema: EMA = .none, adam: AdamConstants = AdamConstants()
    ) -> Optimization {
        Optimization(
            steps: steps, batch: batch, learningRate: rate, warmUp: warmUp, cooldown: decay, clip: clip, ema: ema,
            adam: adam)
    }

    private func rates(_ optimization: Optimization, factor: Double = 1) -> [Double] {
        let schedule = optimization.schedule(factor: factor)
        return Program { _ in (1...20).map { schedule(Tensor(Double($0))) } }.evaluate().map { $0[0] }
    }

    @Test("the rate rises in its share of the steps, holds, and falls to 0 at the last step, times the factor")
    func schedule() {
        let found = rates(optimization(warmUp: 0.2, decay: 0.25), factor: 3)
        // Four steps of the rise, and five of the fall after step 15.
        let rise = [0.25, 0.5, 0.75, 1].map { $0 * 1.5 }
        #expect(mismatch(Array(found[..<4]), rise, within: rounding) == nil)
        #expect(found[3..<15].allSatisfy { abs($0 - 1.5) < rounding })
        #expect(zip(found[14...], found[15...]).allSatisfy { $0 > $1 })
        #expect(abs(found[19]) < rounding)
        #expect(rates(optimization()).allSatisfy { $0 == 0.5 })
    }

    @Test("a learner's step is Adam's at the schedule's rate, counted by its own updates where they are given")
    func learner() {
        let (gradient, weight) = ([3.0, -0.5], [1.0, 2])
        func moved(update: Double?) -> [Double] {
            var learner = TrainState(Linear(inputs: 2, outputs: 1, key: RandomKey(seed: 1)))
            learner.model.weight = .column(weight)
            var slope = learner.model.zeros
            slope.weight = .column(gradient)
            learner.learn(
                slope, optimization(warmUp: 0.5), factor: 2, step: Tensor(4), update: update.map { Tensor($0) })
            return zip(learner.model.weight.evaluated(), weight).map { $0 - $1 }
        }
        // The first moment is (1 − β₁) g and the second (1 − β₂) g², corrected by 1 − βⁿ; the rate is 2 · 0.5 · 4 / 10.
        func expected(_ count: Int) -> [Double] {
            func kept(_ beta: Double) -> Double { (0..<count).reduce(1) { power, _ in power * beta } }
            return gradient.map { slope in
                let first = 0.1 * slope / (1 - kept(0.9))
                let second = 0.001 * slope * slope / (1 - kept(0.999))
                return -0.4 * first / (second.squareRoot() + 1e-8)
            }
        }
        #expect(mismatch(moved(update: nil), expected(4), within: rounding) == nil)
        #expect(mismatch(moved(update: 9), expected(9), within: rounding) == nil)
    }

    @Test("the average keeps half of what it was over its half-life, a share of the steps")
    func average() {
        var learner = TrainState(Linear(inputs: 1, outputs: 1, start: .zero, key: RandomKey(seed: 1)))
        learner.model.bias = .ones([1])
        // A quarter of 20 steps is a half-life of five; without a gradient the model stays where it is.
        for step in 1...5 {
            learner.learn(learner.model.zeros, optimization(ema: .halfLife(0.25)), step: Tensor(Double(step)))
        }
        #expect(abs(learner.average.bias.evaluated()[0] - 0.5) < rounding)
        #expect(learner.model.bias.evaluated() == [1])
        learner.learn(learner.model.zeros, optimization(), step: Tensor(6))
        #expect(learner.average.bias.evaluated() == [1])
    }

    @Test("the norm of the gradient is that before clipping, and clipping keeps its direction")
    func clipping() {
        var learner = TrainState(Linear(inputs: 2, outputs: 1, start: .zero, key: RandomKey(seed: 1)))
        var slope = learner.model.zeros
        slope.weight = .column([3, 4])
        let norm = learner.learn(slope, optimization(clip: 0.5), step: Tensor(1))
        #expect(abs(norm.evaluated()[0] - 5) < rounding)
        #expect(mismatch(learner.moments.first.weight.evaluated(), [0.03, 0.04], within: rounding) == nil)
    }

    @Test("shares that do not fit, and numbers out of range, are refused")
    func refused() {
        func message(_ optimization: Optimization) -> String? {
            #expect(throws: Violation.self) { try optimization.validate() }?.description
        }
        #expect(message(optimization(steps: 0)) == "steps: found 0, allowed: from 1 to 16777216")
        #expect(message(optimization(batch: 0)) == "batch: found 0, allowed: from 1 to 16777216")
        #expect(
            message(optimization(rate: 0))
                == "learningRate: found 0.0, allowed: more than 0 and at most 1000000000000.0")
        #expect(message(optimization(warmUp: 1.5)) == "warmUp: found 1.5, allowed: from 0 to 1")
        #expect(message(optimization(warmUp: 0.5, decay: 0.75)) == "cooldown: found 0.75, allowed: from 0.0 to 0.5")
        #expect(message(optimization(clip: 0)) == "clip: found 0.0, allowed: more than 0")
        #expect(
            message(optimization(adam: AdamConstants(beta2: 1)))
                == "beta2: found 1.0, allowed: from 0.0 to less than 1.0")
        #expect(message(optimization(adam: AdamConstants(epsilon: 0))) == "epsilon: found 0.0, allowed: more than 0")
        #expect(throws: Never.self) { try self.optimization(warmUp: 0.5, decay: 0.5, clip: 1).validate() }
    }

    @Test("keys of the execution may be absent, and leave nothing where they say what is so anyway")
    func execution() throws {
        func decoded(_ keys: String) throws -> Optimization {
            let text =
                #"{"steps": 1, "batch": 1, "learningRate": 1, "warmUp": 0, "cooldown": 0, "ema": {"none": {}}\#(keys)}"#
            return try JSONDecoder().decode(Optimization.self, from: Data(text.utf8))
        }
        func encoded(_ optimization: Optimization) throws -> String {
            String(decoding: try JSONEncoder().encode(optimization), as: UTF8.self)
        }
        let plain = try decoded(""), written = try decoded(#", "precision": "float32", "threads": 1"#)
        #expect(plain == written && plain.execution == Execution())
        for optimization in [plain, written] {
            #expect(try !encoded(optimization).contains("precision") && !encoded(optimization).contains("threads"))
        }
        let mixed = try decoded(#", "precision": "mixed", "threads": 2"#)
        #expect(mixed.execution == Execution(precision: .mixed, threads: 2))
        #expect(try JSONDecoder().decode(Optimization.self, from: JSONEncoder().encode(mixed)) == mixed)
        let message = #expect(throws: Violation.self) { try decoded(#", "threads": 0"#).validate() }?.description
        #expect(message == "threads: found 0, allowed: from 1 to 64")
    }

    @Test("a second term's settings out of range are refused")
    func refusedSecondTerm() {
        func message(share: Double = 0.25, weight: Double = 1) -> String? {
            do { try Method.prediction().corrected(share: share, weight: weight).validate() } catch {
                return error.description
            }
            return nil
        }
        let shares = "more than 0 and at most 1, which is the second term alone; secondTerm: none is the first alone"
        #expect(message() == nil && message(share: 1) == nil)
        #expect(message(share: 0) == "freeflow.secondTerm.share: found 0.0, allowed: \(shares)")
        #expect(message(share: 1.5) == "freeflow.secondTerm.share: found 1.5, allowed: \(shares)")
        #expect(message(weight: -1) == "freeflow.secondTerm.weight: found -1.0, allowed: at least 0.0")
        func training(_ ratio: Double, _ updates: Int) -> AuxiliaryTraining {
            AuxiliaryTraining(learningRateRatio: ratio, updates: updates)
        }
        let ratio = #expect(throws: Violation.self) { try training(0, 1).validate() }
        #expect(ratio?.description == "learningRateRatio: found 0.0, allowed: more than 0")
        let updates = #expect(throws: Violation.self) { try training(1, 0).validate() }
        #expect(updates?.description == "updates: found 0, allowed: at least 1")
    }
}
