import CAllocationCount
import Tensors
import FlowMaps
import TestSupport
import Testing

@Suite("A training step allocates nothing") struct AllocationTests {
    /// All that a step can hold: jvp, correction, two updates of the auxiliary, guidance, classes, augmented data.
    private let methods: [Method] = {
        var freeflow = Method.freeflow, meanFlow = Method.meanFlowFromTeacher
        freeflow.main.guidance = Guidance(scale: 2)
        freeflow.secondTerm?.term.guidance = Guidance(scale: 2, to: 0.7)
        freeflow.auxiliary = AuxiliaryTraining(learningRateRatio: 2, updates: 2)
        meanFlow.main.states = .data(augmentation: Augmentation(kinds: Augmentation.Kind.allCases, strength: 0.5))
        return [freeflow, meanFlow]
    }()

    /// What is not optimised boxes and copies where optimised code does not.
    private static let isOptimised: Bool = {
        var isDebug = false
        assert(
            {
                isDebug = true; return true
            }())
        return !isDebug
    }()

    private static let executions = [Execution(), Execution(precision: .mixed, threads: 2)]

    @Test(
        "No heap allocation in a hundred steps of each method, however they are computed",
        .enabled(if: isOptimised), arguments: [0, 1], executions)
    func noAllocations(_ index: Int, execution: Execution) throws {
        let data = TrainingData(try .digits())
        let network = NetworkShape.mlp(width: 32, depth: 2, times: Frequencies(count: 4, lowest: 0.5, highest: 6))
        let teacher = network.build(dimension: 64, classes: 10, key: RandomKey(seed: 1))
        let weights = zip(teacher.parameters, Tensor.materialized(teacher.parameters)).map {
            Tensor($1, shape: $0.shape)
        }
        let optimization = Optimization(
            steps: 200, batch: 16, learningRate: 1e-3, warmUp: 0.1, cooldown: 0.5, clip: 1, ema: .halfLife(0.05),
            execution: execution)
        let trainer = Distillation(method: methods[index], optimization: optimization)
            .trainer(teacher: teacher.replacingParameters(weights), data: data, key: RandomKey(seed: 2))
        try trainer.advance(to: 10)
        let before = allocation_count()
        try trainer.advance(to: 110)
        #expect(allocation_count() - before == 0)
    }

    @Test("The counter counts")
    func counts() {
        let before = allocation_count()
        let numbers = [Int](repeating: Int.random(in: 0...9), count: 100)
        #expect(allocation_count() > before)
        #expect(numbers.count == 100)
    }
}
