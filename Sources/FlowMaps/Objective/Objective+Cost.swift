extension Objective {
    /// What a row of a batch costs in training, in forward passes of one network: a backward pass counts two, a jvp two, a
    /// guided teacher two.
    public var forwardEquivalents: Double {
        func teacher(_ guidance: Guidance?) -> Double { guidance.map { $0.scale != 1 } == true ? 2 : 1 }
        switch self {
        case .freeflow(let prediction, let correction):
            let predicted = prediction.map { prediction in
                // A forward pass, one more for the derivative (a tangent, or a second place), and the backward pass.
                return 4 + teacher(prediction.guidance)
            }
            let corrected = correction.map { correction in
                // The student's forward and backward, the auxiliary's forward and backward, the teacher.
                3 + 3 * Double(correction.auxiliary.updates) + teacher(correction.guidance)
            }
            guard let predicted else { return corrected ?? 0 }
            guard let corrected, let correction else { return predicted }
            return (1 - correction.share) * predicted + correction.share * corrected
        case .meanFlow(_, _, _, let guidance): return 4 + teacher(guidance)
        }
    }
}

extension NetworkShape {
    /// The multiplications in the products of a sample's forward pass, for samples of a dimension: a weight counts as often as it is
    /// applied; images are taken to have one channel.
    public func weightCount(dimension: Int) -> Int {
        switch self {
        case .mlp(let width, let depth, let times):
            return 2 * dimension * width + (depth - 1) * width * width + 2 * times.count * width
        case .sit(let patch, let width, let depth, _, let times):
            let tokens = max(1, dimension / (patch * patch)), square = width * width
            let block = tokens * 12 * square + 6 * square + 2 * tokens * tokens * width
            return 2 * dimension * width + 2 * times.count * width + 3 * square + depth * block
        }
    }
}
