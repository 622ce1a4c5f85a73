import CKernels

extension Program {
    /// Runs the program plainly in float64, one primitive after the other: what the compiled program is checked against.
    /// - Parameter values: the values of the inputs, state first.
    /// - Returns: the values of the outputs, then those of the updates.
    public func evaluate(_ values: [[Double]] = []) -> [[Double]] {
        precondition(values.count == inputs.count, "\(inputs.count) inputs are needed, not \(values.count)")
        var known: [ObjectIdentifier: [Double]] = [:]
        for (input, value) in zip(inputs, values) {
            precondition(input.shape.count == value.count, "\(value.count) values do not fill shape \(input.shape)")
            known[ObjectIdentifier(input.node)] = value
        }
        let roots = (outputs + updates).map(\.node)
        for node in Node.ordered(from: roots) where known[ObjectIdentifier(node)] == nil {
            known[ObjectIdentifier(node)] = node.value(of: node.inputs.map { known[ObjectIdentifier($0)]! })
        }
        return roots.map { known[ObjectIdentifier($0)]! }
    }
}

extension Tensor {
    /// The value in float64, of a tensor that depends on no placeholder.
    public func evaluated() -> [Double] { Program { _ in [self] }.evaluate()[0] }
}

extension Node {
    /// The value of this node in float64, from those of its inputs.
    fileprivate func value(of x: [[Double]]) -> [Double] {
        switch primitive {
        case .placeholder: preconditionFailure("a placeholder of shape \(shape) is no input of the program")
        case .constant(let storage): storage.values.map(Double.init)
        case .scalar(let value): [value]
        case .random(let distribution, let key):
            distribution.draw(shape.count, key: key, step: Float(x[0][0])).map(Double.init)
        case .unary(let function): x[0].map(function.value)
        case .binary(let function): zip(x[0], x[1]).map(function.value)
        case .select: shape.count == 0 ? [] : (0..<shape.count).map { x[0][$0] != 0 ? x[1][$0] : x[2][$0] }
        case .identity, .stopGradient, .keep, .after, .hoist, .sumOverReplicas, .reshape: x[0]
        case .replica: [0]
        case .broadcast:
            moved(
                x[0],
                strides: zip(inputs[0].shape.paddedLeft(to: shape.rank), paddedInputStrides).map { $0 == 1 ? 0 : $1 })
        case .transpose(let order): moved(x[0], strides: order.map { inputs[0].shape.contiguousStrides[$0] })
        case .slice(let axis, let start):
            moved(
                x[0], strides: inputs[0].shape.contiguousStrides,
                offset: start * inputs[0].shape.contiguousStrides[axis])
        case .pad(let axis, let before): placed([x[0]], along: axis, from: before)
        case .concatenate(let axis): placed(x, along: axis, from: 0)
        case .sum(let axes): folded(x[0], axes, 0, +)
        case .max(let axes): folded(x[0], axes, -.infinity, Swift.max)
        case .matmul: multiplied(x[0], x[1])
        case .attention(let part, let heads):
            Program(inputs: inputs.map(\.shape)) { [part.plain($0, heads: heads)] }.evaluate(x)[0]
        case .gather: gathered(x[0], x[1])
        case .scatterAdd: scattered(x[0], x[1])
        }
    }

    private var paddedInputStrides: [Int] {
        Array(repeating: 0, count: shape.rank - inputs[0].shape.rank) + inputs[0].shape.contiguousStrides
    }

    /// Elements read with a stride for each axis of this node's shape.
    private func moved(_ x: [Double], strides: [Int], offset: Int = 0) -> [Double] {
        let own = shape.contiguousStrides
        return (0..<shape.count).map { index in
            x[offset + (0..<shape.rank).reduce(0) { $0 + index / own[$1] % shape[$1] * strides[$1] }]
        }
    }

    /// Inputs put one after the other along an axis of zeros.
    private func placed(_ x: [[Double]], along axis: Int, from start: Int) -> [Double] {
        var result = Array(repeating: 0.0, count: shape.count)
        let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
        var start = start
        for (part, values) in zip(inputs, x) {
            let extent = part.shape[axis]
            for (index, value) in values.enumerated() {
                let (outer, rest) = index.quotientAndRemainder(dividingBy: extent * inner)
                result[outer * shape[axis] * inner + start * inner + rest] = value
            }
            start += extent
        }
        return result
    }

    private func folded(
        _ x: [Double], _ axes: Range<Int>, _ initial: Double, _ combine: (Double, Double) -> Double
    ) -> [Double] {
        let input = inputs[0].shape.dimensions
        let inner = input[axes.upperBound...].reduce(1, *), extent = input[axes].reduce(1, *)
        return (0..<shape.count).map { index in
            let (outer, rest) = index.quotientAndRemainder(dividingBy: inner)
            return (0..<extent).reduce(initial) { combine($0, x[(outer * extent + $1) * inner + rest]) }
        }
    }

    private func multiplied(_ a: [Double], _ b: [Double]) -> [Double] {
        let m = shape[-2], n = shape[-1], k = inputs[0].shape[-1]
        return (0..<shape.count).map { index in
            let (batch, cell) = index.quotientAndRemainder(dividingBy: m * n)
            let (row, column) = cell.quotientAndRemainder(dividingBy: n)
            return (0..<k).reduce(0) { $0 + a[batch * m * k + row * k + $1] * b[batch * k * n + $1 * n + column] }
        }
    }

    private func gathered(_ table: [Double], _ indices: [Double]) -> [Double] {
        let columns = shape[-1], rows = inputs[0].shape[0]
        return indices.flatMap { index in
            guard index >= 0, index < Double(rows) else { return [Double](repeating: .nan, count: columns) }
            return Array(table[(Int(index) * columns)..<((Int(index) + 1) * columns)])
        }
    }

    private func scattered(_ updates: [Double], _ indices: [Double]) -> [Double] {
        let columns = shape[1]
        var table = Array(repeating: 0.0, count: shape.count)
        for (position, index) in indices.enumerated() where index >= 0 && index < Double(shape[0]) {
            for column in 0..<columns { table[Int(index) * columns + column] += updates[position * columns + column] }
        }
        return table
    }
}

extension RandomDistribution {
    /// The float32 numbers that every reading of the primitive gives.
    func draw(_ count: Int, key: RandomKey, step: Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(buffer.baseAddress!, count, key: key, step: step)
            initialized = count
        }
    }

    package func fill(_ base: UnsafeMutablePointer<Float>, _ count: Int, key: RandomKey, step: Float) {
        switch self {
        case .uniform: ablate_random_uniform(base, count, key.bits, UInt32(step))
        case .normal: ablate_random_normal(base, count, key.bits, UInt32(step))
        case .integers(let below): ablate_random_integers(base, count, key.bits, UInt32(step), UInt32(below))
        }
    }
}
