import Engine

/// A flow map distilled from a teacher: what a spec says of a student.
public struct Distillation: Codable, Hashable, Sendable {
    public let objective: Objective
    public let optimization: Optimization
    /// The law of the guidance scales γ that one student is trained for, each row with its own; it is then told γ. Absent tells it
    /// none, and the objective's guidance has one scale.
    public let scales: ScaleDistribution?

    public init(objective: Objective, optimization: Optimization, scales: ScaleDistribution? = nil) {
        (self.objective, self.optimization, self.scales) = (objective, optimization, scales)
    }

    /// A budget in place of the optimization's steps is resolved here: what decides the student is its steps.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        objective = try container.decode(Objective.self, forKey: .objective)
        scales = try container.decodeIfPresent(ScaleDistribution.self, forKey: .scales)
        let optimization = try container.decode(BudgetedOptimization.self, forKey: .optimization)
        do throws(Violation) { self.optimization = try optimization.optimization(of: objective) } catch {
            throw error.under("optimization")
        }
    }

    /// What its training costs, in forward passes of one sample through one network, a bank of the teacher's samples included.
    public var trainingCost: Double {
        objective.forwardEquivalents(of: optimization) * Double(optimization.batch) * Double(optimization.steps)
    }

    /// What the student's network has beside the teacher's.
    public var form: MapForm { if case .method(let method) = objective { method.form } else { .plain } }

    /// The student before its first step: the teacher told where steps end, and γ where there is a law of it, by embedders whose last
    /// layers are zero, so that F(x, t, s) = u(x, t); decoupled, F(x, t, t) = u(x, t).
    /// - Parameter image: the shape of a sample that is an image.
    public func student(from teacher: Network, image: ImageShape? = nil, key: RandomKey) -> Network {
        teacher.formed(form, isGuided: scales != nil, image: image, key: key.folding("weights"))
    }

    /// The auxiliary before its first step: the teacher, told γ where the student is; nil where the objective compares no laws.
    public func auxiliary(from teacher: Network, key: RandomKey) -> AuxiliaryNetwork? {
        let settings: Correction.Auxiliary? =
            switch objective {
            case .freeflow(_, let correction): correction?.auxiliary
            case .meanFlow: nil
            case .method(let method): method.auxiliary
            }
        guard let settings else { return nil }
        let key = key.folding("auxiliary")
        let network = scales == nil ? teacher : teacher.embedding([.guidance], key: key)
        return AuxiliaryNetwork(network, adapters: settings.lora, key: key)
    }

    /// A trainer at its first step.
    /// - Parameters:
    ///   - teacher: known numbers: what student and auxiliary begin as, and whose velocity is taught.
    ///   - law: whose exact velocity is taught in its place.
    ///   - weakTeacher: known numbers, where the objective is guided by it.
    ///   - untrained: the shape of the network, for a method whose student does not begin as the teacher.
    ///   - data: read for its shape; its samples only where the objective takes states from data.
    public func trainer(
        teacher: Network, exact law: GaussianMixture? = nil, weakTeacher: Network? = nil,
        untrained: NetworkShape? = nil, data: TrainingData,
        key: RandomKey
    ) -> Trainer<DistillationState> {
        var start = DistillationState(
            student: Learner(student(from: teacher, image: data.image, key: key)),
            auxiliary: auxiliary(from: teacher, key: key).map { Learner($0) })
        let field = TeacherVelocity(teacher, exact: law, weak: weakTeacher)
        switch objective {
        case .freeflow(let prediction, let correction):
            let freeFlow = FreeFlow(
                prediction: prediction, correction: correction, teacher: field, classes: data.classes,
                dimension: data.dimension, scales: scales, optimization: optimization, key: key)
            return Trainer(initial: start, execution: optimization.execution, freeFlow.step)
        case .meanFlow(let states, let times, let decay, let guidance):
            let meanFlow = MeanFlow(states: states, times: times, decay: decay, guidance: guidance)
            return Trainer(initial: start, execution: optimization.execution) { state, step in
                meanFlow.step(
                    &state, step, teacher: field, data: data, scales: scales, optimization: optimization, key: key)
            }
        case .method(let method):
            if method.start == .untrained {
                guard let untrained else { preconditionFailure("\(method.name) starts from an untrained network") }
                let network = untrained.build(
                    dimension: data.dimension, image: data.image, classes: data.classes, key: key.folding("untrained"))
                start.student = Learner(student(from: network, image: data.image, key: key))
            }
            if method.terms.contains(where: { $0.term.weighting.learned != nil }) {
                start.weights = method.terms.map { _, term in
                    term.weighting.learned.map { Learner(TimeWeightNetwork($0)) }
                }
            }
            if method.targetNetwork != .student { start.target = start.student.model }
            let training = MethodTraining(
                method, teacher: field, data: data, scales: scales, optimization: optimization, key: key)
            return Trainer(initial: start, execution: optimization.execution, training.step)
        }
    }
}
