import Engine

/// A transformer over patches, conditioned through the modulation of its norms (DiT, arXiv 2212.09748; SiT, arXiv 2401.08740).
///
/// c = W₂ silu(W₁ φ(t)) + e(class) + g(δ); each block is
/// h ← h + γ₁ attention((1 + κ₁) norm(h) + σ₁), h ← h + γ₂ mlp((1 + κ₂) norm(h) + σ₂), with (σ, κ, γ) linear in silu(c). The layers
/// that give modulations begin at zero, as does the last: a new network is 0 everywhere.
public struct SiT: Module, Sendable {
    public let classes: Int
    private let patches: Patches
    private let width: Int
    private let features: TimeFeatures
    /// [tokens, width], fixed.
    private let positions: Tensor
    var embedding: Linear
    var time: Perceptron
    /// One row a class and one for "no class".
    var label: Embedding?
    var duration: DurationEmbedder?
    var blocks: [Block]
    /// Shift and scale of the last norm.
    var modulation: Linear
    var output: Linear

    /// `width` is a multiple of 4 and of `heads`; `patch` divides the sides of the image.
    public init(
        patch: Int, width: Int, depth: Int, heads: Int, times: Frequencies, image: ImageShape, classes: Int,
        key: RandomKey
    ) {
        (self.width, self.classes) = (width, classes)
        patches = Patches(image, side: patch)
        features = times.features
        positions = patches.positions(width: width)
        embedding = Linear(inputs: patches.dimension, outputs: width, key: key.folding("embedding"))
        time = Perceptron(
            inputs: features.width, hidden: width, outputs: width, activation: .silu, key: key.folding("time"))
        label =
            classes > 0 ? Embedding(classes: classes + 1, width: width, scale: 0.02, key: key.folding("label")) : nil
        blocks = (0..<depth).map { Block(width: width, heads: heads, key: key.folding("blocks").folding($0)) }
        modulation = Linear(inputs: width, outputs: 2 * width, start: .zero, key: key.folding("modulation"))
        output = Linear(inputs: width, outputs: patches.dimension, start: .zero, key: key.folding("output"))
    }

    /// x [n, channels · height · width], time and duration [n, 1] → the shape of x.
    public func callAsFunction(_ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        var sum = time(features(t))
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
        let given = silu(sum)
        let start = embedding(patches.tokens(of: x)) + positions
        let end = blocks.reduce(start) { $1($0, given) }
        let parts = modulation(given).parts(2)
        return patches.samples(of: output(LayerNorm()(end).modulated(shift: parts[0], scale: parts[1])))
    }

    func withDuration(key: RandomKey) -> SiT {
        var copy = self
        copy.duration = DurationEmbedder(features: features, width: width, key: key)
        return copy
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        embedding.visitParameters(under: "embedding", visit)
        time.visitParameters(under: "time", visit)
        label?.visitParameters(under: "label", visit)
        duration?.visitParameters(under: "duration", visit)
        blocks.visitParameters(under: "blocks", visit)
        modulation.visitParameters(under: "modulation", visit)
        output.visitParameters(under: "output", visit)
    }
}

extension SiT {
    /// Attention and a perceptron, each behind a modulated norm and before a gate.
    struct Block: Module, Sendable {
        /// [width, 6 · width]: shift, scale and gate of the one, then of the other.
        var modulation: Linear
        var attention: Attention
        var perceptron: Perceptron

        /// The perceptron is four times as wide (arXiv 2212.09748).
        init(width: Int, heads: Int, key: RandomKey) {
            modulation = Linear(inputs: width, outputs: 6 * width, start: .zero, key: key.folding("modulation"))
            attention = Attention(width: width, heads: heads, key: key.folding("attention"))
            perceptron = Perceptron(
                inputs: width, hidden: 4 * width, outputs: width, activation: .gelu, key: key.folding("perceptron"))
        }

        /// h [n, tokens, width] under a condition [n, width].
        func callAsFunction(_ h: Tensor, _ condition: Tensor) -> Tensor {
            let parts = modulation(condition).parts(6)
            let norm = LayerNorm()
            let middle = h + parts[2] * attention(norm(h).modulated(shift: parts[0], scale: parts[1]))
            return middle + parts[5] * perceptron(norm(middle).modulated(shift: parts[3], scale: parts[4]))
        }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            modulation.visitParameters(under: "modulation", visit)
            attention.visitParameters(under: "attention", visit)
            perceptron.visitParameters(under: "perceptron", visit)
        }
    }

    /// y = W₂ a(W₁ x + b₁) + b₂.
    struct Perceptron: Module, Sendable {
        enum Activation: Sendable { case silu, gelu }

        let activation: Activation
        var first: Linear
        var second: Linear

        init(inputs: Int, hidden: Int, outputs: Int, activation: Activation, key: RandomKey) {
            self.activation = activation
            first = Linear(inputs: inputs, outputs: hidden, key: key.folding("first"))
            second = Linear(inputs: hidden, outputs: outputs, key: key.folding("second"))
        }

        func callAsFunction(_ x: Tensor) -> Tensor {
            switch activation {
            case .silu: second(silu(first(x)))
            case .gelu: second(gelu(first(x)))
            }
        }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            first.visitParameters(under: "first", visit)
            second.visitParameters(under: "second", visit)
        }
    }
}

extension Tensor {
    /// Equal parts of the columns of [n, width], each [n, 1, width / count], the same for every token.
    fileprivate func parts(_ count: Int) -> [Tensor] {
        let width = shape[1] / count
        return (0..<count).map { slice(($0 * width)..<(($0 + 1) * width), axis: 1).reshaped(to: [shape[0], 1, width]) }
    }

    /// (1 + scale) · self + shift.
    fileprivate func modulated(shift: Tensor, scale: Tensor) -> Tensor { (1 + scale) * self + shift }
}
