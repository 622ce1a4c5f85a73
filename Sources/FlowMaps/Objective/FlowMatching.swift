import Engine

/// Flow matching (arXiv 2210.02747, 2209.03003): a velocity is learned by regression on the velocity of straight paths,
/// E ‖u(x_t, t) − (n − x)‖². The best fit is E[n − x | x_t], the teacher's velocity.
public enum FlowMatching {
    /// The mean squared error over a batch and its dimensions, a scalar.
    public static func loss(
        _ velocity: some VelocityField, data: Tensor, noise: Tensor, at t: Tensor, given condition: Condition
    ) -> Tensor {
        let state = Interpolant.state(data: data, noise: noise, at: t)
        let target = Interpolant.velocity(data: data, noise: noise)
        return square(velocity(state, at: t, given: condition) - target).mean()
    }
}

/// A velocity learned from data by flow matching: what a spec says of a teacher.
public struct TeacherTraining: Codable, Hashable, Sendable, Validated {
    public let network: NetworkShape
    public let optimization: Optimization
    /// The share of rows whose class is withheld, so that the teacher can be guided, in [0, 1].
    public let labelDropout: Double
    /// The law of t.
    public let times: TimeDistribution

    public init(network: NetworkShape, optimization: Optimization, labelDropout: Double, times: TimeDistribution) {
        (self.network, self.optimization, self.labelDropout, self.times) = (network, optimization, labelDropout, times)
    }

    public func validate() throws(Violation) { try probability(labelDropout, "labelDropout") }

    /// A trainer at its first step.
    public func trainer(on data: TrainingData, key: RandomKey) -> Trainer<Learner<Network>> {
        let start = network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: key.folding("weights"))
        return Trainer(initial: Learner(start), execution: optimization.execution) { learner, step in
            let (samples, condition) = data.draw(optimization.batch, key: key.folding("data"), step: step)
            let noise = Tensor.normal(samples.shape, key: key.folding("noise"), step: step)
            let t = times.draw(optimization.batch, key: key.folding("times"), step: step)
            let given = withheld(condition, classes: data.classes, key: key.folding("dropout"), step: step)
            let result = valueAndGradient(at: learner.model) { network in
                (FlowMatching.loss(LearnedVelocity(network), data: samples, noise: noise, at: t, given: given), ())
            }
            let norm = learner.learn(result.gradient, optimization, step: step)
            return [("loss", result.loss), ("gradientNorm", norm)]
        }
    }

    private func withheld(_ condition: Condition, classes: Int, key: RandomKey, step: Tensor) -> Condition {
        guard let labels = condition.labels, labelDropout > 0 else { return condition }
        let isWithheld = greater(Tensor(labelDropout), .uniform(labels.shape, key: key, step: step))
        return Condition(labels: select(isWithheld, Tensor(Double(classes)), labels))
    }
}
