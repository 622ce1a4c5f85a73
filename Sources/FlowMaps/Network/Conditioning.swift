import Engine

/// What class and duration add to a network's condition: e(c) + g(δ), each where the network has it.
struct Conditioning: Module, Sendable {
    let classes: Int
    private let width: Int
    private let features: TimeFeatures
    /// One row a class and one for "no class".
    var label: Embedding?
    var duration: DurationEmbedder?

    /// - Parameter labelScale: the deviation that the rows of the classes begin with.
    init(classes: Int, width: Int, features: TimeFeatures, labelScale: Double, key: RandomKey) {
        (self.classes, self.width, self.features) = (classes, width, features)
        label =
            classes > 0
            ? Embedding(classes: classes + 1, width: width, scale: labelScale, key: key.folding("label")) : nil
    }

    /// A sum [n, width] with both added: labels [n] are needed where there are classes, durations [n, 1] where they are embedded.
    func added(to sum: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        var sum = sum
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
        return sum
    }

    mutating func embedDurations(key: RandomKey) {
        duration = DurationEmbedder(features: features, width: width, key: key)
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        label?.visitParameters(under: "label", visit)
        duration?.visitParameters(under: "duration", visit)
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
