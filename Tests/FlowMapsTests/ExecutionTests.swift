import TestSupport
import Testing

@testable import Tensors
@testable import FlowMaps

/// Whatever the precision and the threads, a step is that of its method, batch means and all.
@Suite("How a FreeFlow step is computed") struct ExecutionTests {
    private static let dimension = 16, rows = 64
    /// Read for its shape alone.
    private static let data = TrainingData(
        Dataset(
            name: "unseen", samples: [Float](repeating: 0, count: 2 * dimension), dimension: dimension, labels: [0, 1],
            classCount: 2))

    private let teacher = NetworkShape.mlp(width: 64, depth: 3, times: Frequencies(count: 8, lowest: 1, highest: 6))
        .build(dimension: dimension, classes: 2, key: RandomKey(seed: 1))

    private func scattered(_ network: Network, _ seed: UInt64) -> Network {
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.05 * Tensor.normal($0.shape, key: RandomKey(seed: seed).folding(index))
        }
    }

    /// The student's gradient in a step with prediction and correction, whose weight is of means over the batch.
    private var program: Program {
        let prediction = Method.prediction(
            weight: AdaptiveWeight(power: 1, epsilon: 1e-3), guidance: Guidance(scale: 2))
        let freeFlow = MethodTraining(
            prediction.corrected(auxiliary: AuxiliaryTraining(learningRateRatio: 1, updates: 1)),
            teacher: TeacherVelocity(teacher), data: Self.data,
            optimization: Optimization(
                steps: 10, batch: Self.rows, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none),
            key: RandomKey(seed: 2))
        return Program { _ in
            var state = DistillationState(
                student: TrainState(scattered(teacher.withDuration(key: RandomKey(seed: 3)), 4)),
                auxiliary: TrainState(.copy(scattered(teacher, 5))))
            _ = freeFlow.step(&state, Tensor(1))
            return state.student.moments.first.parameters
        }
    }

    /// ‖found − expected‖ / ‖expected‖ over all parameters.
    private func error(_ found: [[Float]], _ expected: [[Double]]) -> Double {
        let pairs = zip(found.flatMap { $0 }, expected.flatMap { $0 })
        let (difference, norm) = pairs.reduce((0.0, 0.0)) {
            ($0.0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1), $0.1 + $1.1 * $1.1)
        }
        return (difference / norm).squareRoot()
    }

    @Test("its gradient has the error of its arithmetic")
    func gradientError() {
        let program = program
        let expected = program.evaluate()
        func found(_ execution: Execution) -> [[Float]] {
            onCPU { try $0.compile(program, execution: execution)() }
        }
        // Rounding of 6e-8 through some ten products, forward and back.
        for threads in 1...3 {
            #expect(error(found(Execution(threads: threads)), expected) < 1e-5)
        }
        // Rounding of 2e-3 (half of 2⁻⁸) likewise; the derivative along the duration included.
        let mixed = error(found(Execution(precision: .mixed)), expected)
        #expect(mixed < 0.02)
    }

    @Test("a method's steps are computed as its optimization says")
    func method() throws {
        let data = TrainingData(PlanarSet.rings.dataset(count: 400, key: RandomKey(seed: 1)))
        let shape = NetworkShape.mlp(width: 64, depth: 3, times: Frequencies(count: 2, lowest: 1, highest: 4))
        func trained(_ execution: Execution) throws -> [[Float]] {
            let distillation = Distillation(
                method: .sdei,
                optimization: Optimization(
                    steps: 2, batch: 64, learningRate: 1e-3, warmUp: 0, cooldown: 0, clip: 1, ema: .halfLife(0.1),
                    execution: execution))
            let trainer = distillation.trainer(
                teacher: shape.build(dimension: 2, classes: 0, key: RandomKey(seed: 3)), data: data,
                key: RandomKey(seed: 2))
            try trainer.advance(to: 2)
            return Tensor.materialized(trainer.state.student.model.parameters)
        }
        let mixed = try trained(Execution(precision: .mixed))
        #expect(try mismatch(trained(Execution()), mixed) != nil)
        #expect(try mismatch(trained(Execution(precision: .mixed)), mixed) == nil)
    }

    @Test("two threads train what one does, bit for bit")
    func training() throws {
        let data = TrainingData(PlanarSet.rings.dataset(count: 400, key: RandomKey(seed: 1)))
        func trained(_ execution: Execution) throws -> [[Float]] {
            let training = TeacherTraining(
                network: .mlp(width: 48, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 4)),
                optimization: Optimization(
                    steps: 20, batch: 256, learningRate: 1e-3, warmUp: 0, cooldown: 0, clip: 1, ema: .halfLife(0.1),
                    execution: execution),
                labelDropout: 0, times: .uniform(from: 0, to: 1))
            let trainer = training.trainer(on: data, key: RandomKey(seed: 2))
            try trainer.advance(to: 20)
            return Tensor.materialized(trainer.state.model.parameters)
        }
        #expect(try mismatch(trained(Execution(threads: 2)), trained(Execution())) == nil)
    }
}
