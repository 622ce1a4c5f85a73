import Tensors

/// The exponential moving average of the parameters that is evaluated in place of the parameters themselves.
public enum EMA: Hashable, Sendable {
    /// The parameters of the last step.
    case none
    /// The number of steps after which an older step counts half, as a share of the whole training, in (0, 1].
    case halfLife(Double)
    /// The share of the average that each step keeps, in (0, 1): 0.9999 in many published settings.
    case decay(Double)
    /// An average along a power of the step, `PowerAverage`; `sigmaRel` is the relative width of its weights.
    case power(sigmaRel: Double)
    /// An average along a power that is chosen after the training, from averages stored on the way. What a method reads of its own
    /// student's average while it trains is the first one stored.
    case postHoc(PostHocEMA)

    /// The largest relative width that a study may request, just below that of equal weights.
    static let largestSigmaRel = 0.288

    /// The averages stored during the training from which the requested one is made; nil for the other forms.
    public var stored: PostHocEMA? { if case .postHoc(let averages) = self { averages } else { nil } }

    /// The same without the request for one of the averages stored.
    var withoutChoice: EMA { if case .postHoc(let averages) = self { .postHoc(averages.training) } else { self } }

    /// The number of averages that are updated besides the one that is evaluated.
    var besides: Int { stored.map { $0.stored.count - 1 } ?? 0 }

    /// Moves averages towards a model.
    /// - Parameters:
    ///   - step: the number of the model's own update, from 1, a scalar.
    ///   - steps: those of the whole training.
    func update<M: Module>(_ average: inout M, _ besides: inout [M], towards model: M, step: Tensor, steps: Int) {
        switch self {
        case .none: average = model
        case .halfLife(let share): MovingAverage(halfLife: share * Double(steps)).update(&average, towards: model)
        case .decay(let decay): MovingAverage(decay: decay).update(&average, towards: model)
        case .power(let sigmaRel): PowerAverage(deviation: sigmaRel).update(&average, towards: model, step: step)
        case .postHoc(let averages):
            PowerAverage(deviation: averages.stored[0]).update(&average, towards: model, step: step)
            // Networks that are trained along with a student keep the first alone.
            for (index, sigmaRel) in zip(besides.indices, averages.stored.dropFirst()) {
                PowerAverage(deviation: sigmaRel).update(&besides[index], towards: model, step: step)
            }
        }
    }
}
