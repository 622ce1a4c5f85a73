/// Consistency models in continuous time (arXiv 2410.11081 on the straight path): maps to s = 0 alone, of tangents normalised with
/// c = 0.1 and ramped up.
extension Method {
    /// Trained from data: the tangent of the pair of sample and noise.
    public static let sCT = continuous("sCT", .conditional)
    /// Distilled: the tangent of the teacher.
    public static let sCD = continuous("sCD", .teacher)

    /// sCD with score distillation of the one-step student on half of the rows.
    public static let sCDVSD = continuous(
        "sCDVSD", .teacher,
        secondTerm: SecondTerm(
            share: 0.5,
            term: Term(
                states: .prior, times: .oneStep,
                target: .score(levels: .logitNormal(location: 0.4, scale: 2), weight: .trigFlow), weighting: .plain)),
        auxiliary: AuxiliaryTraining(learningRateRatio: 1, updates: 1))

    private static func continuous(
        _ name: MethodName, _ velocity: Velocity, secondTerm: SecondTerm? = nil,
        auxiliary: AuxiliaryTraining? = nil
    ) -> Method {
        Method(
            name,
            main: Term(
                states: .plainData, times: .toData(times: .covered(-0.8, 1.6)),
                target: .eulerian(velocity: velocity, warmUp: 0.1), weighting: .normalised), secondTerm: secondTerm,
            auxiliary: auxiliary, sampling: .restart)
    }
}
