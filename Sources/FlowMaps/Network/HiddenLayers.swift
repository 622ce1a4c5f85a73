import Tensors

/// A closure that receives each hidden layer of a network: its number, from 1, and its output, [n, tokens, width].
public typealias HiddenVisit = (_ layer: Int, _ hidden: Tensor) -> Void

extension Tensor {
    /// [n, width] as the one token of each row, [n, 1, width].
    var asToken: Tensor { reshaped(to: [shape[0], 1, shape[1]]) }
}

extension NetworkShape {
    /// Units of a hidden layer, of each token where there are several.
    public var width: Int {
        switch self {
        case .mlp(let width, _, _), .mpMLP(let width, _, _): width
        case .sit(let shape), .mpSiT(let shape): shape.width
        case .preconditioned(_, let network), .noisePrediction(_, let network): network.width
        }
    }

    /// Hidden layers, or blocks.
    public var depth: Int {
        switch self {
        case .mlp(_, let depth, _), .mpMLP(_, let depth, _): depth
        case .sit(let shape), .mpSiT(let shape): shape.depth
        case .preconditioned(_, let network), .noisePrediction(_, let network): network.depth
        }
    }

    /// Students of this shape may have another head, or see the step's end in their late layers.
    var takesForms: Bool {
        switch self {
        case .mlp, .sit: true
        case .mpMLP, .mpSiT, .preconditioned, .noisePrediction: false
        }
    }

    /// Pixels along a side of a patch; nil of a network over no patches.
    public var patch: Int? {
        switch self {
        case .mlp, .mpMLP: nil
        case .sit(let shape), .mpSiT(let shape): shape.patch
        case .preconditioned(_, let network), .noisePrediction(_, let network): network.patch
        }
    }
}
