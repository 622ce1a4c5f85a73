import Tensors

/// The terms that class, duration and guidance scale add to a network's condition: e(c) + g(δ) + k(γ), each where the
/// network has it.
struct Conditioning: Module, Sendable {
    let classes: Int
    private let width: Int
    private let features: TimeFeatures
    /// One row a class and one for "no class".
    var label: Embedding?
    private(set) var scalars = EmbeddedScalars<ScalarEmbedder>()

    /// - Parameter labelScale: the deviation that the rows of the classes begin with.
    init(classes: Int, width: Int, features: TimeFeatures, labelScale: Double, key: RandomKey) {
        (self.classes, self.width, self.features) = (classes, width, features)
        label =
            classes > 0
            ? Embedding(classes: classes + 1, width: width, scale: labelScale, key: key.folding("label")) : nil
    }

    /// A sum [n, width] with all added: labels [n] are needed where there are classes, durations and guidance scales [n, 1] where
    /// they are embedded.
    func added(to sum: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        let conditioning = label.map { sum + $0(condition.labels(of: classes)) } ?? sum
        return scalars.added(to: conditioning, time: t, duration: delta, condition)
    }

    /// Adds the embedder of a scalar, unless it is there.
    mutating func embed(_ scalar: EmbeddedScalar, key: RandomKey) {
        scalars.embed(scalar, features: features, width: width, key: key)
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        label?.visitParameters(under: "label", visit)
        scalars.visitParameters(visit)
    }
}

/// g(a) = W₂ silu(W₁ φ(a) + b₁) + b₂ of a scalar a, added to a network's condition; W₂ and b₂ begin at zero.
public struct ScalarEmbedder: ScalarEmbedding {
    private let features: TimeFeatures
    var first: Linear
    var second: Linear

    init(features: TimeFeatures, width: Int, key: RandomKey) {
        self.features = features
        first = Linear(inputs: features.width, outputs: width, key: key.folding("first"))
        second = Linear(inputs: width, outputs: width, start: .zero, key: key.folding("second"))
    }

    /// [n, 1] → [n, width].
    func callAsFunction(_ scalar: Tensor) -> Tensor { second(silu(first(features(scalar)))) }

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        first.visitParameters(under: "first", visit)
        second.visitParameters(under: "second", visit)
    }
}
