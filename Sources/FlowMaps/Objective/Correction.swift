import Engine

/// FreeFlow's correction objective (arXiv 2511.19428, Eq. 11): the velocity of the student's noised samples is aligned with the
/// teacher's, ∇F(z, 1) · sg(v_N(x_r, r) − u(x_r, r)), x_r = (1 − r) f(z, 1) + r n. The gap is 0 when both are the same field.
/// v_N is an auxiliary network, the teacher at first, trained by flow matching on the student's samples as they are.
public struct Correction: Codable, Hashable, Sendable, Validated {
    /// The share of a batch's rows that it has beside a prediction, in (0, 1).
    public let share: Double
    /// α: the size of its gradient relative to the prediction's, λ = α E‖Δ_P‖ / (E‖Δ_N‖ + ε).
    public let alpha: Double
    /// Which of the prediction's residuals λ is measured on; not published.
    public let balance: Balance
    /// The law of r.
    public let times: TimeDistribution
    /// Of the teacher; its interval has to be cut harder than for sampling. Absent is none.
    public let guidance: Guidance?
    public let auxiliary: AuxiliaryTraining

    public enum Balance: String, Codable, Hashable, Sendable, CaseIterable {
        /// The residual itself.
        case residual
        /// The residual after its decay.
        case decayed
    }

    public init(
        share: Double, alpha: Double, balance: Balance, times: TimeDistribution, guidance: Guidance?,
        auxiliary: AuxiliaryTraining
    ) {
        (self.share, self.alpha, self.balance) = (share, alpha, balance)
        (self.times, self.guidance, self.auxiliary) = (times, guidance, auxiliary)
    }

    public func validate() throws(Violation) {
        try require(share > 0 && share < 1, "share", found: share, allowed: "more than 0 and less than 1")
        try require(alpha, "alpha", in: 0...)
    }

    /// ε in λ: far below any velocity, so that it only keeps 0 / 0 away. Its value is not published.
    static let epsilon = 1e-8

    /// The gap Δ_N = v_N − u at noised samples of the student, constant to the gradient; [n, d].
    public func gap(
        samples: Tensor, noise: Tensor, at r: Tensor, auxiliary: some VelocityField, teacher: some VelocityField,
        given condition: Condition
    ) -> Tensor {
        let state = Interpolant.state(data: stopGradient(samples), noise: noise, at: r)
        return stopGradient(auxiliary(state, at: r, given: condition) - teacher(state, at: r, given: condition))
    }
}
