import Tensors

/// A flow map distilled from a teacher: what a spec says of a student.
public struct Distillation: Codable, Hashable, Sendable {
    public let method: Method
    public let optimization: Optimization
    /// The distribution of the guidance scales γ that one student is trained for, each row with its own; it is then told γ. Absent tells it
    /// none, and the method's guidance has one scale.
    public let guidanceScales: GuidanceScaleDistribution?

    public enum CodingKeys: String, CodingKey, RenamedKeys {
        case method, optimization, guidanceScales

        public static let renamed = ["objective": "method", "scales": "guidanceScales"]
    }

    public init(method: Method, optimization: Optimization, guidanceScales: GuidanceScaleDistribution? = nil) {
        (self.method, self.optimization, self.guidanceScales) = (method, optimization, guidanceScales)
    }

    /// A budget in place of the optimization's steps is resolved here: what decides the student is its steps.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        method = try container.decode(Method.self, forKey: .method)
        guidanceScales = try container.decodeIfPresent(GuidanceScaleDistribution.self, forKey: .guidanceScales)
        let optimization = try container.decode(BudgetedOptimization.self, forKey: .optimization)
        do throws(Violation) { self.optimization = try optimization.optimization(of: method) } catch {
            throw error.under("optimization")
        }
    }

    /// What its training costs, in forward passes of one sample through one network, a bank of the teacher's samples included.
    public var trainingCost: Double {
        method.forwardEquivalents(of: optimization) * Double(optimization.batch) * Double(optimization.steps)
    }

    /// The student before its first step: the teacher told where steps end, and γ where there is a distribution of it, by embedders whose last
    /// layers are zero, so that F(x, t, s) = u(x, t); decoupled, F(x, t, t) = u(x, t).
    /// - Parameter image: the shape of a sample that is an image.
    public func student(from teacher: Network, image: ImageShape? = nil, key: RandomKey) -> Network {
        teacher.formed(method.form, isGuided: guidanceScales != nil, image: image, key: key.folding("weights"))
    }

    /// The auxiliary before its first step: the teacher, told γ where the student is; nil where no target compares distributions.
    public func auxiliary(from teacher: Network, key: RandomKey) -> AuxiliaryNetwork? {
        guard let training = method.auxiliary else { return nil }
        let key = key.folding("auxiliary")
        let network = guidanceScales == nil ? teacher : teacher.embedding([.guidance], key: key)
        return AuxiliaryNetwork(network, adapters: training.lora, key: key)
    }

    /// A trainer at its first step.
    /// - Parameters:
    ///   - teacher: known numbers: what student and auxiliary begin as, and whose velocity is taught.
    ///   - distribution: whose exact velocity is taught in its place.
    ///   - weakTeacher: known numbers, where the method is guided by it.
    ///   - untrained: the shape of the network, for a method whose student does not begin as the teacher.
    ///   - data: read for its shape; its samples only where the method takes states from data.
    public func trainer(
        teacher: Network, exact distribution: GaussianMixture? = nil, weakTeacher: Network? = nil,
        untrained: NetworkShape? = nil, data: TrainingData,
        key: RandomKey, on backend: any Backend
    ) throws -> Trainer<DistillationState> {
        let start = start(from: teacher, untrained: untrained, data: data, key: key)
        let field = TeacherVelocity(teacher, exact: distribution, weak: weakTeacher)
        let training = try MethodTraining(
            method, teacher: field, data: data, guidanceScales: guidanceScales, optimization: optimization, key: key,
            on: backend)
        return try Trainer(initial: start, execution: optimization.execution, on: backend, training.step)
    }

    /// Student and auxiliary before the first step, into which the weights of a finished training are read.
    /// - Parameters: as those of `trainer`.
    public func networks(
        teacher: Network, untrained: NetworkShape?, data: TrainingData, key: RandomKey
    ) -> (student: Network, auxiliary: Network?) {
        let state = start(from: teacher, untrained: untrained, data: data, key: key)
        return (state.student.model, state.auxiliary?.model.network)
    }

    /// All that is trained, before the first step.
    private func start(
        from teacher: Network, untrained: NetworkShape?, data: TrainingData, key: RandomKey
    ) -> DistillationState {
        var first = teacher
        if method.start == .untrained {
            guard let untrained else { preconditionFailure("\(method.name) starts from an untrained network") }
            first = untrained.build(
                dimension: data.dimension, image: data.image, classes: data.classes, key: key.folding("untrained"))
        }
        var state = DistillationState(
            student: TrainState(student(from: first, image: data.image, key: key)),
            auxiliary: auxiliary(from: teacher, key: key).map { TrainState($0) })
        if method.terms.contains(where: { $0.term.weighting.learned != nil }) {
            state.weights = method.terms.map { _, term in
                term.weighting.learned.map { TrainState(TimeWeightNetwork($0)) }
            }
        }
        if method.targetNetwork != .student { state.target = state.student.model }
        return state
    }
}
