import Tensors

/// A scalar that a network may be conditioned on besides the time.
public enum EmbeddedScalar: String, Codable, Hashable, Sendable, CaseIterable {
    /// δ, the length of a step.
    case duration
    /// γ, the requested guidance scale.
    case guidance
    /// s, the time at which a step ends, as MeanFlow's networks may have it in place of δ (arXiv 2505.13447).
    case end
}

/// An embedder of a scalar in a network's condition, 0 at first: [n, 1] → [n, width].
protocol ScalarEmbedding: Module, Sendable {
    init(features: TimeFeatures, width: Int, key: RandomKey)
    func callAsFunction(_ scalar: Tensor) -> Tensor
}

/// The terms that duration, guidance scale and end add to a network's condition: g(δ) + k(γ) + r(s), each where the network has
/// it.
struct EmbeddedScalars<Embedder: ScalarEmbedding>: Module, Sendable {
    private var duration: Embedder?
    private var guidance: Embedder?
    private var end: Embedder?

    init() {}

    /// A sum [n, width] with them added: durations and guidance scales [n, 1] are needed where they are embedded, durations also for
    /// ends.
    func added(to sum: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        var sum = sum
        if let duration {
            guard let delta else { preconditionFailure("a network with a duration embedder needs durations") }
            sum += duration(delta)
        }
        if let guidance {
            guard let scale = condition.guidance else {
                preconditionFailure("a network with a guidance embedder needs guidance scales")
            }
            sum += guidance(scale)
        }
        if let end {
            guard let delta else { preconditionFailure("a network with an embedder of ends needs durations") }
            sum += end(t - delta)
        }
        return sum
    }

    /// Adds the embedder of a scalar, unless it is there.
    mutating func embed(_ scalar: EmbeddedScalar, features: TimeFeatures, width: Int, key: RandomKey) {
        switch scalar {
        case .duration: duration = duration ?? Embedder(features: features, width: width, key: key)
        case .guidance:
            guidance = guidance ?? Embedder(features: features, width: width, key: key.folding("guidance"))
        case .end: end = end ?? Embedder(features: features, width: width, key: key.folding("end"))
        }
    }

    /// The scalars that the network embeds.
    var present: [EmbeddedScalar] {
        (duration == nil ? [] : [.duration]) + (guidance == nil ? [] : [.guidance]) + (end == nil ? [] : [.end])
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        duration?.visitParameters(under: "duration", visit)
        guidance?.visitParameters(under: "guidance", visit)
        end?.visitParameters(under: "end", visit)
    }
}

extension Condition {
    /// Labels [n], of a network that has classes.
    func labels(of classes: Int) -> Tensor {
        guard let labels else { preconditionFailure("a network of \(classes) classes needs labels") }
        return labels
    }
}
