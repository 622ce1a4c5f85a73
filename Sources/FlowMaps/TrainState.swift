import Tensors

/// The state of a model under training: its parameters, Adam's moments, the average that is evaluated, and the averages that are
/// stored with it.
public struct TrainState<M: Module>: Module {
    public var model: M
    public var moments: Adam.Moments<M>
    public var average: M
    /// Averages of other widths, from which the requested one is made after the training.
    public var averages: [M]

    public init(_ model: M, ema: EMA = .none) {
        self.model = model
        moments = Adam.Moments(of: model)
        average = model
        averages = [M](repeating: model, count: ema.besides)
    }

    /// Takes one step along a gradient.
    /// - Parameters:
    ///   - factor: a factor of the learning rate.
    ///   - step: the number of the step of the whole training, from 1, a scalar: it decides the learning rate.
    ///   - update: the number of this model's own update, from 1, a scalar, which Adam counts; nil where it is the step.
    /// - Returns: the norm of the gradient before clipping.
    @discardableResult
    public mutating func learn(
        _ gradient: M, _ optimization: Optimization, factor: Double = 1, step: Tensor, update: Tensor? = nil
    ) -> Tensor {
        let rate = optimization.schedule(factor: factor)(step)
        let norm = optimization.adam.optimizer(clip: optimization.clip)
            .update(&model, &moments, gradient: gradient, rate: rate, step: update ?? step)
        model.normaliseDirections()
        optimization.ema.update(&average, &averages, towards: model, step: update ?? step, steps: optimization.steps)
        return norm
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        model.visitParameters(under: "model", visit)
        moments.visitParameters(under: "moments", visit)
        average.visitParameters(under: "average", visit)
        averages.visitParameters(under: "averages", visit)
    }
}
