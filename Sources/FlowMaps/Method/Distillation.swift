import Tensors

/// The specification of a student: a flow map distilled from a teacher.
public struct Distillation: Codable, Hashable, Sendable, Validated {
    /// The method that trains the student.
    public let method: Method
    /// The optimization of the student, its length in steps.
    public let optimization: Optimization
    /// The distribution of the guidance scales γ that one student is trained for, one per row; the student is
    /// conditioned on γ. Nil conditions it on none, and the method's guidance has one scale.
    public let guidanceScales: GuidanceScaleDistribution?

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, RenamedKeys {
        case method, optimization, guidanceScales

        /// Keys that are gone, each with the new one.
        public static let renamed = ["objective": "method", "scales": "guidanceScales"]
    }

    /// A student's method, optimization and distribution of guidance scales.
    public init(method: Method, optimization: Optimization, guidanceScales: GuidanceScaleDistribution? = nil) {
        (self.method, self.optimization, self.guidanceScales) = (method, optimization, guidanceScales)
    }

    /// Decodes the specification and turns a budget into steps, since the number of steps is what decides the
    /// student.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        method = try container.decode(Method.self, forKey: .method)
        guidanceScales = try container.decodeIfPresent(GuidanceScaleDistribution.self, forKey: .guidanceScales)
        let optimization = try container.decode(BudgetedOptimization.self, forKey: .optimization)
        do throws(Violation) { self.optimization = try optimization.optimization(of: method) } catch {
            throw error.under("optimization")
        }
    }

    /// The same training without the request for one of its stored averages.
    package var withoutChoice: Distillation {
        Distillation(
            method: method, optimization: optimization.replacing(ema: optimization.ema.withoutChoice),
            guidanceScales: guidanceScales)
    }

    /// Checks that each part of a batch has whole groups of rows of each term, and that the auxiliary is trained once a step: a second
    /// update would need all parts of the first.
    public func validate() throws(Violation) {
        guard optimization.parts > 1 else { return }
        let key = optimization.accumulate > 1 ? "accumulate" : "devices"
        let value = optimization.accumulate > 1 ? optimization.accumulate : optimization.execution.devices
        for (rows, part) in zip(method.rows(of: optimization.batch), method.terms) {
            let whole = optimization.parts * part.term.target.group
            try require(
                rows.isMultiple(of: whole), "optimization.\(key)", found: value,
                allowed:
                    "parts that divide the \(rows) rows of \(part.key ?? "the first term") in a batch of \(optimization.batch)"
            )
        }
        let updates = method.auxiliary?.updates ?? 1
        try require(
            updates == 1, "optimization.\(key)", found: "\(value) with \(updates) updates of the auxiliary a step",
            allowed: "nothing, which is 1, or method.\(method.name.rawValue).auxiliary.updates: 1")
    }

    /// The training cost in forward passes of one sample through one network, including a bank of the teacher's
    /// samples.
    public var trainingCost: Double {
        method.forwardEquivalents(of: optimization) * Double(optimization.batch) * Double(optimization.steps)
    }

    /// The student before its first step: the teacher with embedders of the step's end, and of γ where there is a
    /// distribution of it, whose last layers are zero, so that F(x, t, s) = u(x, t); decoupled, F(x, t, t) = u(x, t).
    /// - Parameter image: the shape of a sample that is an image.
    public func student(from teacher: Network, image: ImageShape? = nil, key: RandomKey) -> Network {
        teacher.formed(method.form, isGuided: guidanceScales != nil, image: image, key: key.folding("weights"))
    }

    /// The auxiliary before its first step: the teacher, conditioned on γ where the student is; nil where no target
    /// compares distributions.
    public func auxiliary(from teacher: Network, key: RandomKey) -> AuxiliaryNetwork? {
        guard let training = method.auxiliary else { return nil }
        let key = key.folding("auxiliary")
        let network = guidanceScales == nil ? teacher : teacher.embedding([.guidance], key: key)
        return AuxiliaryNetwork(network, adapters: training.lora, key: key)
    }

    /// A trainer at its first step.
    /// - Parameters:
    ///   - teacher: known numbers: the network that student and auxiliary begin as, and the velocity that is taught.
    ///   - distribution: the exact velocity that is taught in its place.
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
        if optimization.parts > 1 { return try training.trainerInParts(start, on: backend) }
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
            student: TrainState(student(from: first, image: data.image, key: key), ema: optimization.ema),
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
