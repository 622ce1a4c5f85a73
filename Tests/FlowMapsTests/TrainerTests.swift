import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Trainers") struct TrainerTests {
    private let data = TrainingData(PlanarSet.rings.dataset(count: 200, key: RandomKey(seed: 1)))

    private func training(rate: Double = 0.01) -> TeacherTraining {
        TeacherTraining(
            network: .mlp(width: 8, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 4)),
            optimization: Optimization(
                steps: 40, batch: 16, learningRate: rate, warmUp: 0.1, cooldown: 0.2, clip: nil, ema: .halfLife(0.1)),
            labelDropout: 0.2, times: .uniform(from: 0, to: 1))
    }

    private func trainer(rate: Double = 0.01, seed: UInt64 = 2) -> Trainer<TrainState<TeacherModel>> {
        training(rate: rate).trainer(on: data, key: RandomKey(seed: seed))
    }

    private func numbers(_ state: some Module) -> [[Float]] { Tensor.materialized(state.parameters) }

    /// A student of the teacher as it was drawn, trained in every way at once.
    private func distillation(updates: Int = 1) -> Trainer<DistillationState> {
        let prediction = Method.prediction(
            weight: AdaptiveWeight(power: 1, epsilon: 1e-2), guidance: Guidance(scale: 2, to: 0.8))
        let method = prediction.corrected(
            levels: .logitNormal(location: 0.8, scale: 1.6),
            auxiliary: AuxiliaryTraining(learningRateRatio: 2, updates: updates))
        let optimization = Optimization(
            steps: 8, batch: 16, learningRate: 0.01, warmUp: 0.25, cooldown: 0.5, clip: 1, ema: .halfLife(0.1))
        return Distillation(method: method, optimization: optimization)
            .trainer(teacher: trainer().state.model.network, data: data, key: RandomKey(seed: 5))
    }

    @Test("before the first step the state is the start: an average that is the model, moments of zero")
    func start() {
        let state = trainer().state
        #expect(trainer().step == 0)
        #expect(mismatch(numbers(state.average), numbers(state.model)) == nil)
        #expect(numbers(state.moments).allSatisfy { $0.allSatisfy { $0 == 0 } })
    }

    @Test("two runs are the same bit for bit, another seed is another run")
    func repeatable() throws {
        let runs = try [2, 2, 3].map { (seed: UInt64) in
            let trainer = trainer(seed: seed)
            try trainer.advance(to: 40)
            return (numbers(trainer.state), trainer.measured)
        }
        #expect(mismatch(runs[0].0, runs[1].0) == nil)
        #expect(mismatch(runs[0].1, runs[1].1) == nil)
        #expect(mismatch(runs[0].0, runs[2].0) != nil)
        #expect(mismatch(runs[0].1, runs[2].1) != nil)
    }

    @Test("a profile of a step on the way changes no bit, and its primitives add up to its instructions")
    func profiled() throws {
        let (plain, profiled) = (distillation(), distillation())
        for last in [0, 3, 8] {
            try plain.advance(to: last)
            try profiled.advance(to: last)
            var time: UInt64 = 0
            let profile = try #require(
                try profiled.profile {
                    time += 1
                    return time
                })
            #expect(profile.byPrimitive.map(\.calls).reduce(0, +) == profile.entries.count)
            #expect(profile.byName.map(\.calls).reduce(0, +) == profile.entries.count)
            #expect(Set(profile.byPrimitive.map(\.name)) == Set(profile.entries.map(\.primitive)))
            let operations = profile.entries.reduce(0) { $0 + $1.operations }
            #expect(operations > 0 && profile.byPrimitive.reduce(0) { $0 + $1.operations } == operations)
        }
        #expect(mismatch(numbers(plain.state), numbers(profiled.state)) == nil)
        #expect(mismatch(plain.measured, profiled.measured) == nil)
    }

    @Test("two distillations are the same bit for bit")
    func repeatableStudent() throws {
        let runs = try (0..<2).map { _ in
            let trainer = distillation(updates: 2)
            try trainer.advance(to: 8)
            return (numbers(trainer.state), trainer.measured)
        }
        #expect(mismatch(runs[0].0, runs[1].0) == nil)
        #expect(mismatch(runs[0].1, runs[1].1) == nil)
        #expect(mismatch(runs[0].0, numbers(distillation().state)) != nil)
    }

    @Test("steps in parts are the steps at once, bit for bit")
    func parts() throws {
        let (whole, parts) = (trainer(), trainer())
        try whole.advance(to: 40)
        try parts.advance(to: 15)
        #expect(parts.step == 15)
        try parts.advance(to: 15)
        #expect(parts.step == 15)
        try parts.advance(to: 40)
        #expect(mismatch(numbers(whole.state), numbers(parts.state)) == nil)
        #expect(mismatch(whole.measured, parts.measured) == nil)
    }

    @Test("a trainer that restores a snapshot goes on with the same bits", arguments: [0, 1, 5, 8])
    func snapshots(step: Int) throws {
        let (whole, first, second) = (distillation(updates: 2), distillation(updates: 2), distillation(updates: 2))
        try whole.advance(to: 8)
        try first.advance(to: step)
        let snapshot = first.snapshot
        #expect(second.fits(snapshot))
        // What it has done before does not matter.
        try second.advance(to: 3)
        second.restore(snapshot)
        #expect(second.snapshot == snapshot && (step == 0 || second.measured == first.measured))
        try second.advance(to: 8)
        #expect(mismatch(numbers(whole.state), numbers(second.state)) == nil)
        #expect(mismatch(whole.measured, second.measured) == nil)
        #expect(whole.snapshot == second.snapshot)
    }

    @Test("a snapshot of another shape, or of another step than it says, does not fit")
    func otherSnapshot() {
        #expect(!distillation().fits(.init(step: 0, tensors: [[0]], measured: distillation().snapshot.measured)))
        let snapshot = trainer().snapshot
        let wrong = Trainer<TrainState<TeacherModel>>.Snapshot(
            step: snapshot.step + 1, tensors: snapshot.tensors, measured: snapshot.measured)
        #expect(trainer().fits(snapshot) && !trainer().fits(wrong), "the counter is the step")
    }

    @Test("a loop that is told to stop stops after that step, and can go on")
    func stopping() throws {
        let trainer = trainer()
        var asked: [Int] = []
        try trainer.advance(to: 40) { step in
            asked.append(step)
            return step < 7
        }
        #expect(trainer.step == 7 && asked == Array(1...7))
        try trainer.advance(to: 9)
        #expect(trainer.step == 9)
    }

    @Test("steps at once are as many as are asked for, at most up to the last, and change no bit")
    func stepsAtOnce() throws {
        let (single, chunked) = (trainer(), trainer())
        try single.advance(to: 20)
        var asked: [Int] = []
        try chunked.advance(to: 20) { step in
            asked.append(step)
            return true
        } stepsAtOnce: { after in
            after == 0 ? 0 : 8
        }
        #expect(asked == [1, 9, 17, 20])
        #expect(mismatch(numbers(chunked.state), numbers(single.state)) == nil)
        #expect(mismatch(chunked.measured, single.measured) == nil)
    }

    @Test("a chunk of steps that diverges ends at the step that does")
    func divergedChunk() throws {
        func error(atOnce count: Int) throws -> Diverged {
            let trainer = trainer(rate: 1e30)
            return try #require(
                #expect(throws: Diverged.self) {
                    try trainer.advance(to: 40) { _ in
                        true
                    } stepsAtOnce: { _ in
                        count
                    }
                })
        }
        // A loss that is not a number equals no other.
        let (single, chunked) = (try error(atOnce: 1), try error(atOnce: 40))
        #expect(single.step == chunked.step && single.metric == chunked.metric)
    }

    @Test("what a step measures has a name each")
    func metrics() throws {
        #expect(trainer().metrics == ["loss", "gradientNorm"])
        #expect(
            distillation().metrics
                == ["mainResidual", "secondTermResidual", "balance", "gradientNorm", "auxiliaryLoss"])
    }

    @Test("an absurd rate is reported as diverged, with the step and the metric, and the loop ends there")
    func diverged() throws {
        let trainer = trainer(rate: 1e30)
        let error = try #require(#expect(throws: Diverged.self) { try trainer.advance(to: 40) })
        #expect(trainer.step == error.step && (2...40).contains(error.step))
        #expect(error.metric == "loss" && !error.value.isFinite)
        #expect(error.description == "loss is \(error.value) at step \(error.step)")
        #expect(throws: Never.self) { try self.trainer().advance(to: 40) }
    }

    @Test("both the student and the auxiliary learn")
    func whatLearns() throws {
        let trainer = distillation()
        let before = trainer.state
        try trainer.advance(to: 3)
        let after = trainer.state
        #expect(mismatch(numbers(before.student.model), numbers(after.student.model)) != nil)
        #expect(mismatch(numbers(before.auxiliary!.model), numbers(after.auxiliary!.model)) != nil)
    }

    @Test("the auxiliary's rate goes by the student's steps, however many its own are", arguments: [1, 2, 3])
    func auxiliaryRate(updates: Int) throws {
        let trainer = distillation(updates: updates)
        var weights: [[[Float]]] = []
        try trainer.advance(to: 8) { _ in
            weights.append(numbers(trainer.state.auxiliary!.model))
            return true
        }
        // The rate falls over the last half and is 0 at the last step alone.
        let changed = (1..<8).map { weights[$0] != weights[$0 - 1] }
        #expect(changed == [true, true, true, true, true, true, false])
    }
}
