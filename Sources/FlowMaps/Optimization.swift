import Tensors

/// How a network is trained: what a spec says of any training.
public struct Optimization: Hashable, Sendable, Validated {
    public let steps: Int
    /// Rows a step.
    public let batch: Int
    /// The learning rate of Adam while it holds.
    public let rate: Double
    /// The share of the steps in which the rate rises from 0, in [0, 1].
    public let warmUp: Double
    /// The share of the steps, at the end, in which the rate falls to 0 along a half cosine, in [0, 1].
    public let decay: Double
    /// The norm that gradients are scaled down to; absent leaves them.
    public let clip: Double?
    /// The average of the parameters that is evaluated; a number is a half-life as a share of the steps.
    public let average: Averaging
    /// How steps are computed; its keys, `precision` and `threads`, may be absent.
    public let execution: Execution

    public init(
        steps: Int, batch: Int, rate: Double, warmUp: Double, decay: Double, clip: Double?, average: Averaging,
        execution: Execution = Execution()
    ) {
        (self.steps, self.batch, self.rate) = (steps, batch, rate)
        (self.warmUp, self.decay, self.clip, self.average) = (warmUp, decay, clip, average)
        self.execution = execution
    }

    /// - Parameter average: the half-life of the moving average, as a share of the steps.
    public init(
        steps: Int, batch: Int, rate: Double, warmUp: Double, decay: Double, clip: Double?, average: Double,
        execution: Execution = Execution()
    ) {
        self.init(
            steps: steps, batch: batch, rate: rate, warmUp: warmUp, decay: decay, clip: clip,
            average: .halfLife(average), execution: execution)
    }

    /// Steps are counted in float32 within a program, which is exact up to here.
    static let mostSteps = 1 << 24

    public func validate() throws(Violation) {
        try require(steps, "steps", in: 1...Self.mostSteps)
        try require(batch, "batch", in: 1...)
        try positive(rate, "rate")
        try probability(warmUp, "warmUp")
        try require(decay, "decay", in: 0...(1 - warmUp))
        if let clip { try positive(clip, "clip") }
        if case .halfLife(let share) = average { try probability(share, "average") }
        // A misprint is told before it asks the system for thousands.
        try require(execution.threads, "threads", in: 1...64)
    }

    /// The learning rate over the steps, `factor` times the spec's.
    public func schedule(factor: Double = 1) -> LearningRate {
        LearningRate(
            peak: rate * factor, warmUp: Int((warmUp * Double(steps)).rounded(.down)),
            decay: Int((decay * Double(steps)).rounded(.down)), steps: steps)
    }

    var adam: Adam { Adam(clip: clip) }
}

/// A model under training: its parameters, Adam's moments, the average that is evaluated, and others that are stored with it.
public struct Learner<M: Module>: Module {
    public var model: M
    public var moments: Adam.Moments<M>
    public var average: M
    /// Averages of other lengths, where the one wanted is found afterwards.
    public var averages: [M]

    public init(_ model: M, averaging: Averaging = .halfLife(0)) {
        self.model = model
        moments = Adam.Moments(of: model)
        average = model
        averages = [M](repeating: model, count: averaging.besides)
    }

    /// One step along a gradient.
    /// - Parameters:
    ///   - factor: of the learning rate.
    ///   - step: the number of the step of the whole training, from 1, a scalar: it decides the rate.
    ///   - update: the number of this model's own update, from 1, a scalar, which Adam counts; nil where it is the step.
    /// - Returns: the norm of the gradient.
    @discardableResult
    public mutating func learn(
        _ gradient: M, _ optimization: Optimization, factor: Double = 1, step: Tensor, update: Tensor? = nil
    ) -> Tensor {
        let rate = optimization.schedule(factor: factor)(step)
        let norm = optimization.adam.update(&model, &moments, gradient: gradient, rate: rate, step: update ?? step)
        model.normaliseDirections()
        optimization.average.update(
            &average, &averages, towards: model, step: update ?? step, steps: optimization.steps)
        return norm
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        model.visitParameters(under: "model", visit)
        moments.visitParameters(under: "moments", visit)
        average.visitParameters(under: "average", visit)
        averages.visitParameters(under: "averages", visit)
    }
}
