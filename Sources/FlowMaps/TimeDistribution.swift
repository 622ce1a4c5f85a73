import Tensors
import Foundation

/// A distribution of times in [0, 1].
public indirect enum TimeDistribution: Codable, Hashable, Sendable, Validated {
    /// Uniform on [from, to].
    case uniform(from: Double, to: Double)
    /// The sigmoid of a normal number: logit t ~ N(location, scale²).
    case logitNormal(location: Double, scale: Double)
    /// Always the same time.
    case point(at: Double)
    /// t = σ / (1 + σ) of a place a uniform on [from, to] between the noise levels of EDM (arXiv 2206.00364, Eq. 5):
    /// σ = (σ₀^{1/ρ} + a (σ₁^{1/ρ} − σ₀^{1/ρ}))^ρ, from σ₀, `smallest`, to σ₁, `largest`.
    case karras(smallest: Double, largest: Double, rho: Double, from: Double, to: Double)
    /// One of several distributions, drawn by weight.
    case mixture(of: [Component])

    /// One distribution of a mixture.
    public struct Component: Codable, Hashable, Sendable, Validated {
        /// Positive; weights need not add up to 1.
        public let weight: Double
        /// The distribution.
        public let distribution: TimeDistribution

        /// The keys in a specification.
        public enum CodingKeys: String, CodingKey, RenamedKeys {
            case weight, distribution

            /// Keys that are gone, each with the new one.
            public static let renamed = ["law": "distribution"]
        }

        /// A distribution with its weight.
        public init(weight: Double, distribution: TimeDistribution) {
            (self.weight, self.distribution) = (weight, distribution)
        }

        /// Checks the ranges of the settings.
        public func validate() throws(Violation) { try positive(weight, "weight") }
    }

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case uniform, logitNormal, point, karras, mixture }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .uniform(let from, let to):
            try probability(from, "uniform.from")
            try require(to, "uniform.to", in: from...1)
            try require(from < to, "uniform.to", found: to, allowed: "more than from, \(from); point is a single time")
        case .logitNormal(let location, let scale):
            try require(location, "logitNormal.location", in: -20...20)
            try require(
                scale > 0 && scale <= 20, "logitNormal.scale", found: scale,
                allowed: "more than 0 and at most 20; point is a single time")
        case .point(let time): try probability(time, "point.at")
        case .karras(let smallest, let largest, let rho, let from, let to):
            try positive(smallest, "karras.smallest")
            try require(
                largest > smallest && largest <= Most.factor, "karras.largest", found: largest,
                allowed: "more than smallest, \(smallest), and at most \(Most.factor)")
            try require(rho, "karras.rho", in: 1...100)
            try probability(from, "karras.from")
            try require(to > from && to <= 1, "karras.to", found: to, allowed: "more than from, \(from), and at most 1")
        case .mixture(let components): try nonEmpty(components, "mixture.of")
        }
    }

    /// The one time that is ever drawn; nil where there are several.
    var onlyTime: Double? {
        switch self {
        case .uniform(let from, let to): return from == to ? from : nil
        case .logitNormal(let location, let scale):
            return scale > 0 ? nil : 1 / (1 + Foundation.exp(-location))
        case .point(let time): return time
        case .karras: return nil
        case .mixture(let components):
            let times = components.map(\.distribution.onlyTime)
            return times.allSatisfy { $0 != nil && $0 == times[0] } ? times[0] : nil
        }
    }

    /// Times [count, 1], drawn at a step.
    public func draw(_ count: Int, key: RandomKey, step: Tensor) -> Tensor {
        let shape: Shape = [count, 1]
        switch self {
        case .uniform(let from, let to):
            return from + (to - from) * .uniform(shape, key: key.folding("uniform"), step: step)
        case .logitNormal(let location, let scale):
            return sigmoid(location + scale * .normal(shape, key: key.folding("normal"), step: step))
        case .karras(let smallest, let largest, let rho, let from, let to):
            let place = from + (to - from) * .uniform(shape, key: key.folding("place"), step: step)
            let (low, high) = (Foundation.pow(smallest, 1 / rho), Foundation.pow(largest, 1 / rho))
            let sigma = exp(rho * log(low + (high - low) * place))
            return sigma / (1 + sigma)
        case .point(let time): return Tensor(time).broadcast(to: shape)
        case .mixture(let components):
            let total = components.reduce(0) { $0 + $1.weight }
            let choice = Tensor.uniform(shape, key: key.folding("choice"), step: step)
            var below = 0.0
            var result: Tensor?
            for (index, component) in components.enumerated() {
                let times = component.distribution.draw(count, key: key.folding(index), step: step)
                result = result.map { select(greater(choice, Tensor(below / total)), times, $0) } ?? times
                below += component.weight
            }
            return result!
        }
    }
}
