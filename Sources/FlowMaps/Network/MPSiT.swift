import Tensors

/// A transformer over patches of magnitude-preserving layers: the parts of EDM2 (arXiv 2312.02696, config G) in the place of a SiT's.
///
/// h = sum(Ŵ [patch, 1], √2 positions, ½); each block is h ← h / rms(h), h ← sum(h, attention(m₁ h), 0.3),
/// h ← sum(h, Ŵ₂ silu(Ŵ₁ (m₂ h)), 0.3), with m = 1 + g Ŵ c; queries, keys and values have root mean square 1. No shift; all gains g
/// begin at zero. What attention averages over its tokens is smaller than they are, which the division keeps from adding up.
public struct MPSiT: Module, Sendable {
    /// The number of classes; 0 without.
    public var classes: Int { conditioning.classes }
    let patches: Patches
    /// [tokens, width], fixed.
    let positions: Tensor
    var embedding: UnitLinear
    var conditioning: UnitConditioning
    var blocks: [Block]
    var output: UnitLinear
    /// The gain of the output, a scalar [].
    var gain: Tensor

    /// The shape is valid for the image.
    public init(_ shape: SiTShape, image: ImageShape, classes: Int, key: RandomKey) {
        patches = Patches(image, side: shape.patch)
        positions = patches.positions(width: shape.width)
        embedding = UnitLinear(inputs: patches.dimension + 1, outputs: shape.width, key: key.folding("embedding"))
        conditioning = UnitConditioning(classes: classes, width: shape.width, times: shape.times, key: key)
        blocks = (0..<shape.depth).map {
            Block(width: shape.width, heads: shape.heads, key: key.folding("blocks").folding($0))
        }
        output = UnitLinear(inputs: shape.width, outputs: patches.dimension, key: key.folding("output"))
        gain = .zeros([])
    }

    /// x [n, channels · height · width], time and duration [n, 1] → the shape of x.
    public func callAsFunction(
        _ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition,
        onHiddenLayer: HiddenVisit = { _, _ in }
    ) -> Tensor {
        let given = conditioning(t, duration: delta, condition)
        let tokens = Tensor.concatenate([patches.tokens(of: x), .ones([x.shape[0], patches.count, 1])], axis: 2)
        // Sines and cosines together have the mean square ½.
        let places = (2.0.squareRoot() * positions).broadcast(to: [x.shape[0], patches.count, positions.shape[1]])
        var h = MagnitudePreserving.sum(embedding(tokens), places, share: MagnitudePreserving.even).kept
        for (index, block) in blocks.enumerated() {
            h = block(h, given).kept
            onHiddenLayer(index + 1, h)
        }
        return patches.samples(of: gain * output(h))
    }

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        embedding.visitParameters(under: "embedding", visit)
        conditioning.visitParameters(visit)
        blocks.visitParameters(under: "blocks", visit)
        output.visitParameters(under: "output", visit)
        visit("gain", &gain)
    }
}

extension MPSiT {
    /// Attention and a perceptron, each of which adds its share.
    struct Block: Module, Sendable {
        private let heads: Int
        /// [width, 3 · width]: queries, keys and values side by side, heads side by side within each.
        var attention: UnitLinear
        var mixing: UnitLinear
        var first: UnitLinear
        var second: UnitLinear
        /// The modulations of the attention's and of the perceptron's input.
        var modulations: [UnitModulation]

        /// The perceptron is four times as wide, as a SiT's.
        init(width: Int, heads: Int, key: RandomKey) {
            self.heads = heads
            attention = UnitLinear(inputs: width, outputs: 3 * width, key: key.folding("attention"))
            mixing = UnitLinear(inputs: width, outputs: width, key: key.folding("mixing"))
            first = UnitLinear(inputs: width, outputs: 4 * width, key: key.folding("first"))
            second = UnitLinear(inputs: 4 * width, outputs: width, key: key.folding("second"))
            modulations = (0..<2).map { UnitModulation(width: width, key: key.folding("modulation").folding($0)) }
        }

        /// h [n, tokens, width] under a condition [n, width].
        func callAsFunction(_ h: Tensor, _ condition: Tensor) -> Tensor {
            let h = MagnitudePreserving.normalised(h)
            let scales = modulations.map { $0(condition).asToken }
            let middle = MagnitudePreserving.sum(h, attended(scales[0] * h), share: MagnitudePreserving.residualShare)
            let own = second(MagnitudePreserving.silu(first(scales[1] * middle)))
            return MagnitudePreserving.sum(middle, own, share: MagnitudePreserving.residualShare)
        }

        /// Multi-head attention over normalised queries, keys and values.
        private func attended(_ x: Tensor) -> Tensor {
            let (rows, tokens, width) = (x.shape[0], x.shape[1], x.shape[2])
            let mixed = attention(x)
            /// [n, heads, tokens, width / heads]
            func part(_ index: Int) -> Tensor {
                let own = mixed.slice((index * width)..<((index + 1) * width), axis: 2)
                    .reshaped(to: [rows, tokens, heads, width / heads])
                return MagnitudePreserving.normalised(own).transposed([0, 2, 1, 3])
            }
            let scale = 1 / Double(width / heads).squareRoot()
            let weights = softmax(part(0).matmul(part(1).transpose) * scale)
            let seen = weights.matmul(part(2)).transposed([0, 2, 1, 3])
            return mixing(seen.reshaped(to: [rows, tokens, width]))
        }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            attention.visitParameters(under: "attention", visit)
            mixing.visitParameters(under: "mixing", visit)
            first.visitParameters(under: "first", visit)
            second.visitParameters(under: "second", visit)
            modulations.visitParameters(under: "modulations", visit)
        }
    }
}
