import Tensors

/// The policy of a Gaussian mixture (arXiv 2510.14974): at x_τ, τ = t, the sample at time 0 is taken to be of
/// Σ w_k N(x_τ − τ m_k, (τ σ)²). At any earlier time a it is then known which it is from the state x there, by Bayes' rule, and
/// π(x, a) = (x − E[sample | x]) / a. So π(x_τ, τ) = Σ w_k m_k, and π is the velocity itself of any mixture of Gaussians of one
/// deviation.
///
/// With ρ = a / τ, y = (x − x_τ) / τ, A = (1 − a)² − ρ² (1 − τ)² and D = ρ² + σ² A, everything that a small time would make large is
/// divided out:
///
/// ln w′_k = ln w_k + (m_k · (ρ (ρ − 1) x_τ − (1 − a) y) − ½ A ‖m_k‖²) / D + constant,
///
/// π = (ρ (y + Σ w′_k m_k) + σ² (ρ (1 − τ) (x − y) − (1 − a) x)) / D.
public struct MixturePolicy: Policy {
    /// x_τ [n, d].
    public let start: Tensor
    /// τ [n, 1].
    public let time: Tensor
    /// m [n, components, numbers of a location, locations].
    private let means: Tensor
    /// ‖m‖² [n, components, 1, locations].
    private let squares: Tensor
    /// ln w, up to a constant, [n, components, 1, locations].
    private let logits: Tensor
    /// σ² [n, 1, 1, locations].
    private let variance: Tensor

    /// The range of ln σ: far below, a component would be chosen for good, and nothing learned any more.
    package static let logDeviations = -4.0...2.0

    /// - Parameters:
    ///   - start, time: x_τ [n, d] and τ [n, 1] above 0.
    ///   - means: m, [n, components, numbers of a location, locations], d numbers a component.
    ///   - logits: [n, components, 1, locations].
    ///   - logDeviation: ln σ [n, 1, 1, locations].
    public init(start: Tensor, time: Tensor, means: Tensor, logits: Tensor, logDeviation: Tensor) {
        precondition(
            means.shape.count == means.shape[1] * start.shape.count, "means \(means.shape) at states \(start.shape)")
        (self.start, self.time, self.means, self.logits) = (start, time, means, logits)
        squares = square(means).sum([2], keepingAxes: true)
        let range = Self.logDeviations
        let bounded = minimum(maximum(logDeviation, Tensor(range.lowerBound)), Tensor(range.upperBound))
        variance = exp(2 * bounded)
    }

    /// - Parameters:
    ///   - output: of the network, [n, (2 · components + 1) · d].
    ///   - locations: mixtures in a sample.
    init(start: Tensor, time: Tensor, output: Tensor, components: Int, locations: Int) {
        let (count, dimension) = (start.shape[0], start.shape[1])
        let fields = output.reshaped(to: [count, 2 * components + 1, dimension / locations, locations])
        let rest = fields.slice(components..<(2 * components + 1), axis: 1).mean([2], keepingAxes: true)
        self.init(
            start: start, time: time, means: fields.slice(0..<components, axis: 1),
            logits: rest.slice(0..<components, axis: 1),
            logDeviation: rest.slice(components..<(components + 1), axis: 1))
    }

    /// π: x [n, d], a [n, 1] → [n, d].
    public func callAsFunction(_ x: Tensor, at a: Tensor) -> Tensor {
        let count = start.shape[0]
        let numbers: Shape = [count, 1, means.shape[2], means.shape[3]]
        func column(_ time: Tensor) -> Tensor { time.reshaped(to: [count, 1, 1, 1]) }
        let tau = column(maximum(time, Tensor(1e-6))), a = column(a)
        let start = start.reshaped(to: numbers), x = x.reshaped(to: numbers)
        let share = a / tau, moved = (x - start) / tau
        let gain = square(1 - a) - square(share * (1 - tau))
        let scale = reciprocal(square(share) + variance * gain)
        let pull = share * (share - 1) * start - (1 - a) * moved
        let scores = logits + scale * ((means * pull).sum([2], keepingAxes: true) - 0.5 * gain * squares)
        let weights = exp(scores - stopGradient(scores.max([1], keepingAxes: true)))
        let mean = (weights * means).sum([1], keepingAxes: true) / weights.sum([1], keepingAxes: true)
        let drift = share * (1 - tau) * (x - moved) - (1 - a) * x
        return (scale * (share * (moved + mean) + variance * drift)).reshaped(to: self.start.shape)
    }
}
