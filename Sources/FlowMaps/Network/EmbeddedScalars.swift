import Tensors

/// A scalar that a network may be told beside the time.
public enum EmbeddedScalar: String, Codable, Hashable, Sendable, CaseIterable {
    /// δ, the length of a step.
    case duration
    /// γ, the scale of the guidance that is asked for.
    case guidance
}

/// What turns a scalar into a part of a network's condition, 0 to begin with: [n, 1] → [n, width].
protocol ScalarEmbedding: Module, Sendable {
    init(features: TimeFeatures, width: Int, key: RandomKey)
    func callAsFunction(_ scalar: Tensor) -> Tensor
}

/// What duration and guidance scale add to a network's condition: g(δ) + k(γ), each where the network has it.
struct EmbeddedScalars<Embedder: ScalarEmbedding>: Module, Sendable {
    private var duration: Embedder?
    private var guidance: Embedder?

    init() {}

    /// A sum [n, width] with them added: durations and guidance scales [n, 1] are needed where they are embedded.
    func added(to sum: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
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
        return sum
    }

    /// Adds the embedder of a scalar, unless it is there.
    mutating func embed(_ scalar: EmbeddedScalar, features: TimeFeatures, width: Int, key: RandomKey) {
        switch scalar {
        case .duration: duration = duration ?? Embedder(features: features, width: width, key: key)
        case .guidance:
            guidance = guidance ?? Embedder(features: features, width: width, key: key.folding("guidance"))
        }
    }

    /// Those that it has.
    var present: [EmbeddedScalar] { (duration == nil ? [] : [.duration]) + (guidance == nil ? [] : [.guidance]) }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        duration?.visitParameters(under: "duration", visit)
        guidance?.visitParameters(under: "guidance", visit)
    }
}

extension Condition {
    /// Labels [n], of a network that has classes.
    func labels(of classes: Int) -> Tensor {
        guard let labels else { preconditionFailure("a network of \(classes) classes needs labels") }
        return labels
    }
}
