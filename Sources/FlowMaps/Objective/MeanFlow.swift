import Engine

/// MeanFlow's identity with the teacher's velocity as tangent (arXiv 2505.13447; with a teacher it is the Eulerian map
/// distillation of arXiv 2506.14603): F = u(x_t, t) − (t − s) dF/dt, the derivative along the teacher's path with s fixed.
/// The residual is 0 exactly when F is the mean velocity of the teacher's path.
public struct MeanFlow: Codable, Hashable, Sendable {
    public let states: StateSource
    /// The law of (t, s). States from the prior have t = 1 whatever it says.
    public let times: PairDistribution
    public let decay: AdaptiveWeight
    /// Of the teacher; absent is none.
    public let guidance: Guidance?

    public init(states: StateSource, times: PairDistribution, decay: AdaptiveWeight, guidance: Guidance?) {
        (self.states, self.times, self.decay, self.guidance) = (states, times, decay, guidance)
    }

    /// F, through which the gradient goes, and the residual F − (u − (t − s) dF/dt), which is constant to it; [n, d] each.
    public func residual(
        of map: some FlowMap, teacher: some VelocityField, at x: Tensor, from t: Tensor, to s: Tensor,
        given condition: Condition
    ) -> (velocity: Tensor, residual: Tensor) {
        let tangent = stopGradient(teacher(x, at: t, given: condition))
        let result = jvp(
            { [map.averageVelocity($0[0], from: $0[1], to: s, given: condition)] }, at: [x, t],
            along: [tangent, .ones(t.shape)])
        let (velocity, slope) = (result.values[0], result.tangents[0])
        return (velocity, stopGradient(velocity - (tangent - (t - s) * slope)))
    }
}

extension MeanFlow {
    /// One step of a student.
    /// - Parameter scales: the law of γ; nil where the student is told none.
    func step(
        _ state: inout DistillationState, _ step: Tensor, teacher: TeacherVelocity, data: TrainingData,
        scales: ScaleDistribution? = nil, optimization: Optimization, key: RandomKey
    ) -> [(name: String, value: Tensor)] {
        let rows = optimization.batch
        let noise = Tensor.normal([rows, data.dimension], key: key.folding("noise"), step: step)
        var (t, s) = times.draw(rows, key: key.folding("times"), step: step)
        var condition = Condition.none
        let x: Tensor
        switch states {
        case .prior:
            t = .ones(t.shape)
            x = noise
            if data.classes > 0 {
                condition.labels = .integers(below: data.classes, [rows], key: key.folding("labels"), step: step)
            }
        case .data(let augmentation):
            let drawn = data.draw(rows, key: key.folding("data"), step: step)
            let samples = augmentation(drawn.samples, of: data, key: key.folding("augmentation"), step: step)
            x = Interpolant.state(data: samples, noise: noise, at: t)
            condition = drawn.condition
        case .teacherSamples, .teacherPath, .studentPath, .studentSamples:
            preconditionFailure("meanFlow takes states from the prior or the data; a method takes them from anywhere")
        }
        condition.guidance = scales?.draw(rows, key: key.folding("scales"), step: step)
        let result = valueAndGradient(at: state.student.model) { network in
            let (velocity, residual) = residual(
                of: LearnedFlowMap(network), teacher: GuidedVelocity(teacher, guidance), at: x, from: t, to: s,
                given: condition)
            let loss = (velocity * stopGradient(decay(residual))).sum() / Double(rows * data.dimension)
            return (loss, square(residual).mean())
        }
        let norm = state.student.learn(result.gradient, optimization, step: step)
        return [("meanFlowResidual", result.extra), ("gradientNorm", norm)]
    }
}
