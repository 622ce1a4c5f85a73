import Tensors

/// The training of a network, whether teacher, student or classifier.
public struct Optimization: Hashable, Sendable, Validated {
    /// Updates of the parameters.
    public let steps: Int
    /// Rows per step.
    public let batch: Int
    /// Adam's learning rate between warm-up and cooldown, more than 0.
    public let learningRate: Double
    /// The share of the steps in which the learning rate rises from 0, in [0, 1].
    public let warmUp: Double
    /// The share of the steps, at the end, in which the learning rate falls to 0 along a half cosine, in [0, 1].
    public let cooldown: Double
    /// The norm to which larger gradients are scaled down; nil does not clip.
    public let clip: Double?
    /// The average of the parameters that is evaluated.
    public let ema: EMA
    /// Adam's constants.
    public let adam: AdamConstants
    /// The way in which steps are computed; its keys, `precision`, `threads` and `devices`, may be absent.
    public let execution: Execution
    /// Parts of a batch that are computed one after the other, their gradients summed before the update; its key may be absent, which
    /// is 1.
    public let accumulate: Int
    /// The device on which steps are computed; its key may be absent.
    public let device: Device
    /// Backward passes compute a transformer's blocks again instead of keeping their values: less memory on XLA's devices for a third more
    /// work. Its key may be absent, which is false.
    public let rematerialize: Bool

    /// An optimization from its settings.
    public init(
        steps: Int, batch: Int, learningRate: Double, warmUp: Double, cooldown: Double, clip: Double?, ema: EMA,
        adam: AdamConstants = AdamConstants(), execution: Execution = Execution(), device: Device = .cpu,
        accumulate: Int = 1, rematerialize: Bool = false
    ) {
        (self.steps, self.batch, self.learningRate) = (steps, batch, learningRate)
        (self.warmUp, self.cooldown, self.clip, self.ema) = (warmUp, cooldown, clip, ema)
        (self.adam, self.execution, self.device) = (adam, execution, device)
        (self.accumulate, self.rematerialize) = (accumulate, rematerialize)
    }

    /// Steps are counted in float32 within a program, which is exact up to this number.
    static let mostSteps = 1 << 24
    /// More rows in one step are a misprint: a row has at least one number, and its activations many.
    static let mostRows = 1 << 24
    /// A learning rate above this diverges for every network here, since Adam moves each parameter by about that much per step.
    static let highestRate = 1e12
    static let mostThreads = 64
    /// Devices of one machine.
    static let mostDevices = 64
    /// A part has at least one row, and batches of more are taken for nothing known.
    static let mostParts = 1 << 16

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(steps, "steps", in: 1...Self.mostSteps)
        try require(batch, "batch", in: 1...Self.mostRows)
        try require(
            learningRate > 0 && learningRate <= Self.highestRate, "learningRate", found: learningRate,
            allowed: "more than 0 and at most \(Self.highestRate)")
        try probability(warmUp, "warmUp")
        try require(cooldown, "cooldown", in: 0...(1 - warmUp))
        if let clip { try positive(clip, "clip") }
        try adam.validate()
        try require(execution.threads, "threads", in: 1...Self.mostThreads)
        try require(accumulate, "accumulate", in: 1...Self.mostParts)
        try require(execution.devices, "devices", in: 1...Self.mostDevices)
        try require(
            batch.isMultiple(of: parts), "batch", found: batch,
            allowed: "a multiple of \(parts), the parts that it is computed in")
    }

    /// The equal parts that the rows of a batch are computed in: each device takes so many one after the other.
    public var parts: Int { accumulate * execution.devices }

    /// The learning rate over the steps, `factor` times the specified one.
    public func schedule(factor: Double = 1) -> LearningRate {
        LearningRate(
            peak: learningRate * factor, warmUp: Int((warmUp * Double(steps)).rounded(.down)),
            decay: Int((cooldown * Double(steps)).rounded(.down)), steps: steps)
    }

    /// The same optimization of another length or with another average.
    func replacing(steps: Int? = nil, ema: EMA? = nil) -> Optimization {
        Optimization(
            steps: steps ?? self.steps, batch: batch, learningRate: learningRate, warmUp: warmUp, cooldown: cooldown,
            clip: clip,
            ema: ema ?? self.ema, adam: adam, execution: execution, device: device, accumulate: accumulate,
            rematerialize: rematerialize)
    }
}
