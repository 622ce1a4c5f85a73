/// The value of a function and its directional derivative, by forward mode: J(x) · v.
///
/// The transform replays the recording of `function` once, so it composes with itself and with `gradient`. Values captured from
/// outside are constants to it, also when they were computed from the same inputs.
/// - Parameters:
///   - inputs: where, any shapes.
///   - tangents: along what, one of the shape of each input; nil is zero.
/// - Returns: the outputs of `function`, and for each its tangent (zeros where it does not depend on the direction).
public func jvp(
    _ function: ([Tensor]) -> [Tensor], at inputs: [Tensor], along tangents: [Tensor?]
) -> (values: [Tensor], tangents: [Tensor]) {
    precondition(inputs.count == tangents.count, "\(inputs.count) inputs have \(tangents.count) tangents")
    let variables = inputs.map(\.asVariable)
    var seeds: [ObjectIdentifier: Tensor] = [:]
    for (variable, tangent) in zip(variables, tangents) {
        guard let tangent else { continue }
        precondition(
            tangent.shape == variable.shape, "a tangent has shape \(tangent.shape), its input \(variable.shape)")
        seeds[ObjectIdentifier(variable.node)] = tangent
    }
    let values = function(variables)
    let results = pushforward(of: values, seeds: seeds)
    return (values, zip(values, results).map { $1 ?? .zeros($0.shape) })
}

/// `jvp` of a function of one tensor.
public func jvp(
    _ function: (Tensor) -> Tensor, at input: Tensor, along tangent: Tensor
) -> (value: Tensor, tangent: Tensor) {
    let result = jvp({ [function($0[0])] }, at: [input], along: [tangent])
    return (result.values[0], result.tangents[0])
}

extension Tensor {
    /// The same value as a node of its own, to differentiate by.
    var asVariable: Tensor { Tensor(.identity, [self], shape: shape) }
}

private func pushforward(of outputs: [Tensor], seeds: [ObjectIdentifier: Tensor]) -> [Tensor?] {
    var tangents = seeds
    for node in Node.ordered(from: outputs.map(\.node)) where tangents[ObjectIdentifier(node)] == nil {
        let inputs = node.inputs.map { tangents[ObjectIdentifier($0)] }
        if inputs.contains(where: { $0 != nil }) {
            tangents[ObjectIdentifier(node)] = node.tangent(inputs)
        }
    }
    return outputs.map { tangents[ObjectIdentifier($0.node)] }
}

extension Node {
    /// The tangent of this node's value, from those of its inputs; nil is zero.
    fileprivate func tangent(_ d: [Tensor?]) -> Tensor? {
        let x = inputs.map { Tensor($0) }
        let y = Tensor(self)
        switch primitive {
        case .placeholder, .constant, .scalar, .random, .stopGradient, .replica: return nil
        case .identity, .keep, .after, .hoist: return d[0]
        case .sumOverReplicas: return d[0]!.summedOverReplicas()
        case .unary(let function): return function.derivative(at: x[0], value: y).map { $0 * d[0]! }
        case .binary(let function):
            let terms = zip(function.derivatives(at: x[0], x[1], value: y), d).compactMap { factor, tangent in
                factor.flatMap { factor in tangent.map { factor * $0 } }
            }
            return terms.sum
        case .select:
            if d[1] == nil && d[2] == nil { return nil }
            return Tensors.select(x[0], d[1] ?? .zeros(shape), d[2] ?? .zeros(shape))
        case .broadcast: return d[0]!.broadcast(to: shape)
        case .reshape: return d[0]!.reshaped(to: shape)
        case .transpose(let order): return d[0]!.transposed(order)
        case .slice(let axis, let start): return d[0]!.slice(start..<(start + shape[axis]), axis: axis)
        case .pad(let axis, let before):
            return d[0]!.padded(before: before, after: shape[axis] - before - x[0].shape[axis], axis: axis)
        case .concatenate(let axis):
            return .concatenate(zip(d, x).map { $0 ?? .zeros($1.shape) }, axis: axis)
        case .sum(let axes): return d[0]!.sum(Array(axes), keepingAxes: true)
        case .max(let axes):
            let share = Tensor.shareOfMax(x[0], y, axes)
            return (share * d[0]!).sum(Array(axes), keepingAxes: true)
        case .matmul:
            return [d[0].map { $0.matmul(x[1]) }, d[1].map { x[0].matmul($0) }].compactMap { $0 }.sum
        case .attention(.value, let heads): return d[0].map { AttentionPart.tangent([x[0], $0], heads: heads) }
        case .attention(let part, let heads):
            return jvp({ [part.plain($0, heads: heads)] }, at: x, along: d).tangents[0]
        case .gather: return d[0].map { $0.gather(x[1]) }
        case .scatterAdd: return d[0].map { $0.scatterAdded(x[1], rows: shape[0]) }
        }
    }
}

extension [Tensor] {
    /// The terms added up, or nil when there is none.
    var sum: Tensor? { isEmpty ? nil : dropFirst().reduce(self[0], +) }
}

extension Tensor {
    /// 1 at the largest value along the axes, shared equally between ties, else 0.
    static func shareOfMax(_ x: Tensor, _ peak: Tensor, _ axes: Range<Int>) -> Tensor {
        let mask = equal(x, peak)
        return mask / mask.sum(Array(axes), keepingAxes: true)
    }
}

extension Unary {
    /// The derivative at x, where y is the value there; nil where it is 0 everywhere.
    func derivative(at x: Tensor, value y: Tensor) -> Tensor? {
        switch self {
        case .negate: Tensor(-1).broadcast(to: x.shape)
        case .exponential: y
        case .logarithm: Tensors.reciprocal(x)
        case .sine: Tensors.cos(x)
        case .cosine: -Tensors.sin(x)
        case .squareRoot: 0.5 * Tensors.reciprocal(y)
        case .reciprocal: -(y * y)
        case .sigmoid: y * (1 - y)
        case .tanh: 1 - y * y
        case .absolute: Tensors.sign(x)
        case .sign, .floor: nil
        case .geluGate: y * (1 - y) * (Gelu.linear + 3 * Gelu.cubic * square(x))
        }
    }
}

extension Binary {
    /// The derivatives by a and by b, where y is the value; nil where one is 0 everywhere.
    func derivatives(at a: Tensor, _ b: Tensor, value y: Tensor) -> [Tensor?] {
        switch self {
        case .add: [.ones(a.shape), .ones(a.shape)]
        case .subtract: [.ones(a.shape), Tensor(-1).broadcast(to: a.shape)]
        case .multiply: [b, a]
        case .divide: [Tensors.reciprocal(b), -(y / b)]
        case .maximum: [1 - Tensors.greater(b, a), Tensors.greater(b, a)]
        case .greater, .equal: [nil, nil]
        case .silu: [.binary(.siluSlope, a, b), nil]
        case .gelu: [.binary(.geluSlope, a, b), nil]
        case .siluSlope: [b * (1 - b), 1 + a * (1 - 2 * b)]
        case .geluSlope:
            [
                b * (1 - b) * (Gelu.linear + 9 * Gelu.cubic * square(a)),
                1 + a * (1 - 2 * b) * (Gelu.linear + 3 * Gelu.cubic * square(a)),
            ]
        }
    }
}
