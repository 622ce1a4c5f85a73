import Engine

/// FreeFlow's prediction objective (arXiv 2511.19428, Eq. 7–9): the student's own path must move as the teacher would at the
/// place where the student is, F + δ ∂_δF = u(f(z, δ), 1 − δ). All states come from the prior. The residual is 0 exactly when F
/// is the mean velocity of the teacher's path from z.
public struct Prediction: Codable, Hashable, Sendable {
    public let derivative: Derivative
    /// The law of δ. Not published; by finite differences it is rounded down to their grid.
    public let durations: TimeDistribution
    public let decay: AdaptiveWeight
    /// Of the teacher; absent is none.
    public let guidance: Guidance?

    public init(derivative: Derivative, durations: TimeDistribution, decay: AdaptiveWeight, guidance: Guidance?) {
        (self.derivative, self.durations, self.decay, self.guidance) = (derivative, durations, decay, guidance)
    }

    /// F, through which the gradient goes, and the residual Δ = v_G − u, which is constant to it; [n, d] each.
    public func residual(
        of map: some FlowMap, teacher: some VelocityField, noise: Tensor, duration: Tensor, given condition: Condition
    ) -> (velocity: Tensor, residual: Tensor) {
        let ones = Tensor.ones(duration.shape)
        func velocity(_ duration: Tensor) -> Tensor {
            map.averageVelocity(noise, from: ones, to: ones - duration, given: condition)
        }
        func teacherVelocity(_ velocity: Tensor, _ duration: Tensor) -> Tensor {
            teacher(noise - duration * velocity, at: 1 - duration, given: condition)
        }
        switch derivative {
        case .jvp:
            let (value, slope) = jvp(velocity, at: duration, along: ones)
            let generating = value + duration * slope
            return (value, stopGradient(generating - teacherVelocity(value, duration)))
        case .differences(let intervals):
            let h = 1 / Double(intervals)
            let start = minimum(floor(duration * Double(intervals)), Tensor(Double(intervals - 1))) * h
            let before = velocity(start), after = velocity(start + h)
            let generating = after + start * (after - before) / h
            return (after, stopGradient(generating - teacherVelocity(before, start)))
        }
    }
}
