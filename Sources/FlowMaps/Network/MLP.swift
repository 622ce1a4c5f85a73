import Engine

/// A multilayer perceptron with SiLU, conditioned on time, class and duration by what they add to the first layer:
/// h₁ = silu(W x + A φ(t) + e(c) + g(δ)), h_{k+1} = silu(W_k h_k + b_k), out = W h + b.
public struct MLP: Module, Sendable {
    public let classes: Int
    private let width: Int
    private let features: TimeFeatures
    var input: Linear
    var time: Linear
    /// One row a class and one for "no class".
    var label: Embedding?
    var duration: DurationEmbedder?
    var hidden: [Linear]
    var output: Linear

    public init(width: Int, depth: Int, times: Frequencies, dimension: Int, classes: Int, key: RandomKey) {
        self.width = width
        self.classes = classes
        features = times.features
        input = Linear(inputs: dimension, outputs: width, key: key.folding("input"))
        time = Linear(inputs: features.width, outputs: width, key: key.folding("time"))
        label = classes > 0 ? Embedding(classes: classes + 1, width: width, key: key.folding("label")) : nil
        hidden = (1..<depth).map {
            Linear(inputs: width, outputs: width, key: key.folding("hidden").folding($0))
        }
        output = Linear(inputs: width, outputs: dimension, key: key.folding("output"))
    }

    public func callAsFunction(_ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        var sum = input(x) + time(features(t))
        if let label {
            guard let labels = condition.labels else {
                preconditionFailure("a network of \(classes) classes needs labels")
            }
            sum += label(labels)
        }
        if let duration {
            guard let delta else { preconditionFailure("a network with a duration embedder needs durations") }
            sum += duration(delta)
        }
        return output(hidden.reduce(silu(sum)) { silu($1($0)) })
    }

    func withDuration(key: RandomKey) -> MLP {
        var copy = self
        copy.duration = DurationEmbedder(features: features, width: width, key: key)
        return copy
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        input.visitParameters(under: "input", visit)
        time.visitParameters(under: "time", visit)
        label?.visitParameters(under: "label", visit)
        duration?.visitParameters(under: "duration", visit)
        hidden.visitParameters(under: "hidden", visit)
        output.visitParameters(under: "output", visit)
    }
}

/// g(δ) = W₂ silu(W₁ φ(δ) + b₁) + b₂, added to a network's condition; W₂ and b₂ begin at zero.
public struct DurationEmbedder: Module, Sendable {
    private let features: TimeFeatures
    var first: Linear
    var second: Linear

    init(features: TimeFeatures, width: Int, key: RandomKey) {
        self.features = features
        first = Linear(inputs: features.width, outputs: width, key: key.folding("first"))
        second = Linear(inputs: width, outputs: width, start: .zero, key: key.folding("second"))
    }

    /// [n, 1] → [n, width].
    func callAsFunction(_ duration: Tensor) -> Tensor { second(silu(first(features(duration)))) }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        first.visitParameters(under: "first", visit)
        second.visitParameters(under: "second", visit)
    }
}
