@testable import FlowMaps

/// FreeFlow with settings of a test's own.
extension Method {
    /// Its prediction alone.
    static func prediction(
        _ derivative: Derivative = .jvp, durations: TimeDistribution = .everywhere, weight: AdaptiveWeight? = nil,
        guidance: Guidance? = nil
    ) -> Method {
        var method = Method.freeflow
        method.main = Term(
            states: .prior, times: .fromNoise(durations: durations),
            target: .lagrangian(velocity: .teacher, derivative: derivative),
            weighting: weight.map { .adaptive(power: $0.power, epsilon: $0.epsilon) } ?? .plain, guidance: guidance)
        (method.secondTerm, method.auxiliary) = (nil, nil)
        return method
    }

    /// The same with a correction.
    func corrected(
        share: Double = 0.25, weight: Double = 1, balance: SecondTerm.Balance = .residual,
        levels: TimeDistribution = .everywhere, guidance: Guidance? = nil,
        auxiliary: AuxiliaryTraining = AuxiliaryTraining(learningRateRatio: 2, updates: 1)
    ) -> Method {
        var method = self
        method.secondTerm = SecondTerm(
            share: share, weight: weight, balance: balance,
            term: Term(
                states: .prior, times: .oneStep, target: .score(levels: levels, weight: .velocity),
                weighting: .plain, guidance: guidance))
        method.auxiliary = auxiliary
        return method
    }
}
