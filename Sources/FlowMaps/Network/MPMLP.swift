import Tensors

/// A perceptron of magnitude-preserving layers: the parts of EDM2 (arXiv 2312.02696, config G) for samples that are no images.
///
/// h = Ŵ [x, 1]; each block is h ← sum(h, Ŵ₂ silu((1 + g Ŵ c) Ŵ₁ silu(h)), 0.3), c of time and class; out = g Ŵ h. All gains g begin
/// at zero: a new network is 0 everywhere, and within it activations have variance 1 where x has.
public struct MPMLP: Module, Sendable {
    public var classes: Int { conditioning.classes }
    var input: UnitLinear
    var conditioning: UnitConditioning
    var blocks: [Block]
    var output: UnitLinear
    /// [].
    var gain: Tensor

    public init(width: Int, depth: Int, times: Frequencies, dimension: Int, classes: Int, key: RandomKey) {
        input = UnitLinear(inputs: dimension + 1, outputs: width, key: key.folding("input"))
        conditioning = UnitConditioning(classes: classes, width: width, times: times, key: key)
        blocks = (0..<depth).map { Block(width: width, key: key.folding("blocks").folding($0)) }
        output = UnitLinear(inputs: width, outputs: dimension, key: key.folding("output"))
        gain = .zeros([])
    }

    public func callAsFunction(
        _ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition,
        onHiddenLayer: HiddenVisit = { _, _ in }
    ) -> Tensor {
        let given = conditioning(t, duration: delta, condition)
        var h = input(.concatenate([x, .ones([x.shape[0], 1])], axis: 1))
        for (index, block) in blocks.enumerated() {
            h = block(h, given)
            onHiddenLayer(index + 1, h.asToken)
        }
        return gain * output(h)
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        input.visitParameters(under: "input", visit)
        conditioning.visitParameters(visit)
        blocks.visitParameters(under: "blocks", visit)
        output.visitParameters(under: "output", visit)
        visit("gain", &gain)
    }

    struct Block: Module, Sendable {
        var first: UnitLinear
        var modulation: UnitModulation
        var second: UnitLinear

        init(width: Int, key: RandomKey) {
            first = UnitLinear(inputs: width, outputs: width, key: key.folding("first"))
            modulation = UnitModulation(width: width, key: key.folding("modulation"))
            second = UnitLinear(inputs: width, outputs: width, key: key.folding("second"))
        }

        /// h and the condition, [n, width] each.
        func callAsFunction(_ h: Tensor, _ condition: Tensor) -> Tensor {
            let middle = first(MagnitudePreserving.silu(h)) * modulation(condition)
            let own = second(MagnitudePreserving.silu(middle))
            return MagnitudePreserving.sum(h, own, share: MagnitudePreserving.residualShare)
        }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            first.visitParameters(under: "first", visit)
            modulation.visitParameters(under: "modulation", visit)
            second.visitParameters(under: "second", visit)
        }
    }
}
