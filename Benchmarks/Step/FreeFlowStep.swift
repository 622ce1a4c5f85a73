import Tensors
import CPU
import FlowMaps

/// One step of FreeFlow on a batch that is given: prediction with its exact derivative and correction, each on the full batch,
/// the auxiliary's own step, Adam on both, the student's moving average.
struct FreeFlowStep {
    /// What lives on from step to step.
    struct State: Module {
        var student: Network
        var studentMoments: Adam.Moments<Network>
        var average: Network
        var auxiliary: Network
        var auxiliaryMoments: Adam.Moments<Network>

        init(_ model: Model) throws {
            student = try model.network("student")
            studentMoments = Adam.Moments(of: student)
            average = student
            auxiliary = try model.network("auxiliary")
            auxiliaryMoments = Adam.Moments(of: auxiliary)
        }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            student.visitParameters(under: "student", visit)
            studentMoments.visitParameters(under: "studentMoments", visit)
            average.visitParameters(under: "average", visit)
            auxiliary.visitParameters(under: "auxiliary", visit)
            auxiliaryMoments.visitParameters(under: "auxiliaryMoments", visit)
        }
    }

    /// F(x, t, s) from a network that is told the duration t − s where a velocity is told the time.
    private struct DurationMap: FlowMap {
        let network: Network

        func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
            network(x, time: t - s, duration: nil, condition)
        }
    }

    private static let rate = 1e-4, average = 0.999

    let model: Model
    let program: Program
    private let initial: State

    init(_ model: Model) throws {
        self.model = model
        let teacher = LearnedVelocity(try model.network("teacher")), initial = try State(model)
        let (n, d) = (model.batch, model.dimension)
        let shapes = initial.parameters.map(\.shape)
        // Prior noise, durations and classes of the prediction; noise and classes of the correction, its second noise and times.
        program = Program(state: shapes + [[]], inputs: [[n, d], [n, 1], [n], [n, d], [n], [n, d], [n, 1]]) {
            tensors, batch in
            let counter = tensors[shapes.count] + 1
            var state = initial.replacingParameters(tensors[..<shapes.count])
            let losses = Self.step(&state, batch, teacher, isConditional: model.classes > 0, counter)
            tensors = state.parameters + [counter]
            return losses
        }
        self.initial = initial
    }

    private static func step(
        _ state: inout State, _ batch: [Tensor], _ teacher: LearnedVelocity, isConditional: Bool, _ counter: Tensor
    ) -> [Tensor] {
        let (noise, durations, second, renoise, times) = (batch[0], batch[1], batch[3], batch[5], batch[6])
        let given = Condition(labels: isConditional ? batch[2] : nil)
        let secondGiven = Condition(labels: isConditional ? batch[4] : nil)
        let auxiliary = LearnedVelocity(state.auxiliary)
        let student = valueAndGradient(at: state.student) { network in
            let map = DurationMap(network: network)
            let (velocity, residual) = prediction(map, teacher, noise, durations, given)
            let samples = map.sample(second, given: secondGiven)
            let state = Interpolant.state(data: stopGradient(samples), noise: renoise, at: times)
            let gap = auxiliary(state, at: times, given: secondGiven) - teacher(state, at: times, given: secondGiven)
            // F(z₂, 1) = z₂ − f(z₂, 1)
            let loss = (velocity * stopGradient(residual)).sum() + ((second - samples) * stopGradient(gap)).sum()
            return (loss / Double(noise.shape.count), stopGradient(samples))
        }
        let matching = valueAndGradient(at: state.auxiliary) { network in
            (
                FlowMatching.loss(
                    LearnedVelocity(network), data: student.extra, noise: renoise, at: times, given: secondGiven), ()
            )
        }
        Adam().update(
            &state.student, &state.studentMoments, gradient: student.gradient, rate: Tensor(rate), step: counter)
        Adam().update(
            &state.auxiliary, &state.auxiliaryMoments, gradient: matching.gradient, rate: Tensor(rate), step: counter)
        MovingAverage(decay: average).update(&state.average, towards: state.student)
        return [student.loss, matching.loss]
    }

    /// F(z, δ) and F + δ ∂_δF − u(z − δ F, 1 − δ), [n, d] each.
    private static func prediction(
        _ map: DurationMap, _ teacher: LearnedVelocity, _ noise: Tensor, _ durations: Tensor, _ given: Condition
    ) -> (velocity: Tensor, residual: Tensor) {
        let ones = Tensor.ones(durations.shape)
        let (velocity, slope) = jvp(
            { map.averageVelocity(noise, from: ones, to: ones - $0, given: given) }, at: durations, along: ones)
        let end = teacher(noise - durations * velocity, at: 1 - durations, given: given)
        return (velocity, velocity + durations * slope - end)
    }

    /// The program compiled, its state and its batch filled in.
    func compiled(
        _ execution: Execution, on backend: any Backend = CPUBackend()
    ) throws -> any CompiledProgram {
        let compiled = try backend.compile(program, execution: execution)
        let batch = program.inputs[program.updates.count...].enumerated().map { place, input -> Tensor in
            let key = RandomKey(seed: 2).folding(place)
            return switch place {
            case 1, 6: .uniform(input.shape, key: key)
            case 2, 4: .integers(below: max(1, model.classes), input.shape, key: key)
            default: .normal(input.shape, key: key)
            }
        }
        try compiled.write(initial.parameters + [Tensor(0)] + batch, computedOn: backend)
        return compiled
    }
}
