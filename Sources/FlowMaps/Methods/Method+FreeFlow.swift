/// FreeFlow, from prior noise alone (arXiv 2511.19428). `Methods.md` has its settings, each with whether it is published.
extension Method {
    /// The prediction, a Lagrangian target at the prior, with the correction beside it: the velocity of the student's noised samples
    /// aligned with the teacher's, v_N by the auxiliary network. Both are in one batch.
    public static let freeflow = Method(
        "freeflow",
        main: Term(
            states: .prior, times: .fromNoise(durations: .everywhere),
            target: .lagrangian(velocity: .teacher, derivative: .jvp),
            weighting: .adaptive(power: 1, epsilon: 1e-4)),
        secondTerm: SecondTerm(
            share: 0.25, weight: 1, balance: .residual,
            term: Term(
                states: .prior, times: .oneStep,
                target: .score(levels: .logitNormal(location: 0.8, scale: 1.6), weight: .velocity),
                weighting: .plain)),
        auxiliary: AuxiliaryTraining(learningRateRatio: 2, updates: 1), sampling: .map, sharing: .batch)
}
