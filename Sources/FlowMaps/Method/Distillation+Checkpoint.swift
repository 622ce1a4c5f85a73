extension Distillation {
    /// A student that nothing trains, as it is read from a file: in no steps.
    /// - Parameters:
    ///   - guidance: of the student by itself while it is sampled.
    ///   - isOneStepOnly: the student has learned to set out from t = 1 alone.
    package static func untrained(
        sampling: MapSampling, guidance: Guidance?, isOneStepOnly: Bool
    ) -> Distillation {
        var method = Method(
            "checkpoint",
            main: .velocity(isOneStepOnly ? .oneStep : .diagonal(times: .everywhere), states: .studentSamples),
            sampling: sampling)
        method.samplingGuidance = guidance
        return Distillation(
            method: method,
            optimization: Optimization(
                steps: 0, batch: 1, learningRate: 0, warmUp: 0, cooldown: 0, clip: nil, ema: .none))
    }
}
