import Tensors

/// A transformer over patches, conditioned through the modulation of its norms (DiT, arXiv 2212.09748; SiT, arXiv 2401.08740).
///
/// c = W₂ silu(W₁ φ(t)) + e(class) + g(δ) + k(γ); each block is
/// h ← h + γ₁ attention((1 + κ₁) norm(h) + σ₁), h ← h + γ₂ mlp((1 + κ₂) norm(h) + σ₂), with (σ, κ, γ) linear in silu(c). The layers
/// that give modulations begin at zero, as does the last: a new network is 0 everywhere. Decoupled it has no g(δ), and its late blocks
/// and its last layer have φ(s) in place of φ(t).
public struct SiT: Module, Sendable {
    /// The number of classes; 0 without.
    public var classes: Int { conditioning.classes }
    let patches: Patches
    private let features: TimeFeatures
    /// [tokens, width], fixed.
    let positions: Tensor
    var embedding: Linear
    var time: Perceptron
    var conditioning: Conditioning
    var blocks: [Block]
    /// Shift and scale of the last norm.
    var modulation: Linear
    var output: Linear
    /// The parts of a flow map's network that a velocity's network lacks.
    var form = MapForm.plain
    /// The number of mixtures in a sample; 1 for other heads.
    var locations = 1

    /// The shape is valid for the image.
    public init(_ shape: SiTShape, image: ImageShape, classes: Int, key: RandomKey) {
        let width = shape.width
        patches = Patches(image, side: shape.patch)
        features = shape.times.features
        positions = patches.positions(width: width)
        embedding = Linear(inputs: patches.dimension, outputs: width, key: key.folding("embedding"))
        time = Perceptron(
            inputs: features.width, hidden: width, outputs: width, activation: .silu, key: key.folding("time"))
        conditioning = Conditioning(classes: classes, width: width, features: features, labelScale: 0.02, key: key)
        blocks = (0..<shape.depth).map {
            Block(width: width, heads: shape.heads, norm: shape.qkNorm, key: key.folding("blocks").folding($0))
        }
        modulation = Linear(inputs: width, outputs: 2 * width, start: .zero, key: key.folding("modulation"))
        output = Linear(
            inputs: width, outputs: shape.outputFactor * patches.dimension, start: .zero, key: key.folding("output"))
    }

    /// x [n, channels · height · width], time and duration [n, 1] → the shape of x.
    public func callAsFunction(
        _ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition,
        onHiddenLayer: HiddenVisit = { _, _ in }
    ) -> Tensor {
        func given(_ time: Tensor) -> Tensor {
            silu(conditioning.added(to: self.time(features(time)), time: time, duration: delta, condition))
        }
        let first = given(t)
        let (early, last) = lateCondition(first, given, t, delta)
        let start = (embedding(patches.tokens(of: x)) + positions).kept
        let end = blocks.indices.reduce(start) { h, index in
            let next = blocks[index](h, index < early ? first : last).kept
            onHiddenLayer(index + 1, next)
            return next
        }
        let parts = modulation(last).parts(2)
        return fields(of: output(LayerNorm()(end).modulated(shift: parts[0], scale: parts[1])))
    }

    /// The number of blocks that see the first condition, and what the others see.
    private func lateCondition(
        _ first: Tensor, _ given: (Tensor) -> Tensor, _ t: Tensor, _ delta: Tensor?
    ) -> (early: Int, last: Tensor) {
        guard case .decoupled(let share) = form.conditioning else { return (blocks.count, first) }
        guard let delta else { preconditionFailure("a decoupled network needs durations") }
        return (StepConditioning.early(share, of: blocks.count), given(t - delta))
    }

    /// Tokens [n, tokens, fields · patch] as samples [n, fields · d].
    private func fields(of tokens: Tensor) -> Tensor {
        let count = form.head.fields, patch = patches.dimension, rows = tokens.shape[0]
        // The velocity's channels come first; the variance channels behind them are dropped.
        guard count > 1 else { return patches.samples(of: tokens.slice(0..<patch, axis: 2)) }
        let each = tokens.reshaped(to: [rows, patches.count, count, patch]).transposed([0, 2, 1, 3])
        return patches.samples(of: each.reshaped(to: [rows * count, patches.count, patch]))
            .reshaped(to: [rows, count * patches.count * patch])
    }

    /// Makes the late blocks see the end of the step.
    mutating func decouple(early share: Double) { form.conditioning = .decoupled(early: share) }

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        embedding.visitParameters(under: "embedding", visit)
        time.visitParameters(under: "time", visit)
        conditioning.visitParameters(visit)
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
        init(width: Int, heads: Int, norm: QueryKeyNorm.Kind?, key: RandomKey) {
            modulation = Linear(inputs: width, outputs: 6 * width, start: .zero, key: key.folding("modulation"))
            attention = Attention(width: width, heads: heads, norm: norm, key: key.folding("attention"))
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
