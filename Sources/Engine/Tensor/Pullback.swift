/// The value of a function of tensors and the gradient of its sum, by reverse mode: ∇ Σ f(x).
///
/// Composes with itself and with `jvp`; values captured from outside are constants to it.
/// - Parameters:
///   - function: gives a scalar (shape `[]`).
///   - rematerializing: has the backward pass compute again what lies between `kept` values, which saves memory where a backend
///     follows the order of work that this asks for: XLA does, the processor's keeps its own.
/// - Returns: the value, and a gradient of the shape of each input.
public func valueAndGradient(
    of function: ([Tensor]) -> Tensor, at inputs: [Tensor], rematerializing: Bool = false
) -> (value: Tensor, gradient: [Tensor]) {
    let variables = inputs.map(\.asVariable)
    let value = function(variables)
    precondition(value.shape == [], "a gradient is of a scalar, not of shape \(value.shape)")
    return (value, pullback(of: [value], cotangents: [Tensor(1)], to: variables, rematerializing))
}

/// The outputs of a function and its transposed derivative applied to cotangents: wᵀ · J(x).
/// - Parameter cotangents: maps the outputs to their cotangents, one of the same shape for each.
public func vjp(
    _ function: ([Tensor]) -> [Tensor], at inputs: [Tensor], cotangents: ([Tensor]) -> [Tensor]
) -> (values: [Tensor], gradient: [Tensor]) {
    let variables = inputs.map(\.asVariable)
    let values = function(variables)
    return (values, pullback(of: values, cotangents: cotangents(values), to: variables))
}

/// The gradient of a scalar function of one tensor.
public func gradient(of function: (Tensor) -> Tensor, at input: Tensor) -> Tensor {
    valueAndGradient(of: { function($0[0]) }, at: [input]).gradient[0]
}

private func pullback(
    of outputs: [Tensor], cotangents: [Tensor], to variables: [Tensor], _ rematerializing: Bool = false
) -> [Tensor] {
    let order = Node.ordered(from: outputs.map(\.node))
    var rematerialization = rematerializing ? Rematerialization(order) : nil
    // Only nodes between the variables and the outputs carry a cotangent.
    var active = Set(variables.map { ObjectIdentifier($0.node) })
    for node in order where node.inputs.contains(where: { active.contains(ObjectIdentifier($0)) }) {
        if case .stopGradient = node.primitive { continue }
        active.insert(ObjectIdentifier(node))
    }
    var sums: [ObjectIdentifier: Tensor] = [:]
    func add(_ cotangent: Tensor, to node: Node) {
        let id = ObjectIdentifier(node)
        sums[id] = sums[id].map { $0 + cotangent } ?? cotangent
    }
    for (output, cotangent) in zip(outputs, cotangents) {
        precondition(output.shape == cotangent.shape, "a cotangent has the shape of its output")
        add(cotangent, to: output.node)
    }
    let variableNodes = Set(variables.map { ObjectIdentifier($0.node) })
    for node in order.reversed() where active.contains(ObjectIdentifier(node)) {
        guard !variableNodes.contains(ObjectIdentifier(node)), var cotangent = sums[ObjectIdentifier(node)] else {
            continue
        }
        if case .keep = node.primitive, let later = rematerialization?.enter(node, cotangent) { cotangent = later }
        let wanted = node.inputs.map { active.contains(ObjectIdentifier($0)) }
        func value(_ node: Node) -> Tensor { rematerialization?.value(of: node) ?? Tensor(node) }
        let parts = node.cotangents(cotangent, at: node.inputs.map(value), value(node), wanted: wanted)
        for (input, part) in zip(node.inputs, parts) {
            if let part { add(part, to: input) }
        }
    }
    return variables.map { sums[ObjectIdentifier($0.node)] ?? .zeros($0.shape) }
}

extension Node {
    /// The cotangents of the inputs for a cotangent of this node's value; nil for inputs that are not wanted, and for zeros.
    /// - Parameters:
    ///   - x: the values of the inputs.
    ///   - y: the node's value.
    fileprivate func cotangents(_ g: Tensor, at x: [Tensor], _ y: Tensor, wanted: [Bool]) -> [Tensor?] {
        switch primitive {
        case .placeholder, .constant, .scalar, .random, .stopGradient, .replica: return inputs.map { _ in nil }
        case .identity, .keep, .hoist: return [g]
        case .after: return [g, nil]
        case .sumOverReplicas: return [g.summedOverReplicas()]
        case .unary(let function): return [function.derivative(at: x[0], value: y).map { $0 * g }]
        case .binary(let function):
            return zip(function.derivatives(at: x[0], x[1], value: y), wanted).map { factor, wanted in
                wanted ? factor.map { $0 * g } : nil
            }
        case .select:
            let zero = Tensor.zeros(shape)
            return [
                nil, wanted[1] ? Tensors.select(x[0], g, zero) : nil, wanted[2] ? Tensors.select(x[0], zero, g) : nil,
            ]
        case .broadcast: return [g.summed(to: x[0].shape)]
        case .reshape: return [g.reshaped(to: x[0].shape)]
        case .transpose(let order):
            var inverse = order
            for (position, axis) in order.enumerated() { inverse[axis] = position }
            return [g.transposed(inverse)]
        case .slice(let axis, let start):
            let after = x[0].shape[axis] - start - shape[axis]
            return [g.padded(before: start, after: after, axis: axis)]
        case .pad(let axis, let before):
            return [g.slice(before..<(before + x[0].shape[axis]), axis: axis)]
        case .concatenate(let axis):
            var start = 0
            return zip(x, wanted).map { part, wanted in
                defer { start += part.shape[axis] }
                return wanted ? g.slice(start..<(start + part.shape[axis]), axis: axis) : nil
            }
        case .sum: return [g.broadcast(to: x[0].shape)]
        case .max(let axes): return [Tensor.shareOfMax(x[0], y, axes) * g]
        case .matmul:
            return [
                wanted[0] ? g.matmul(x[1].transpose) : nil,
                wanted[1] ? x[0].transpose.matmul(g) : nil,
            ]
        case .attention(.value, let heads): return [AttentionPart.cotangent([x[0], g], heads: heads)]
        case .attention(let part, let heads):
            let gradient = vjp({ [part.plain($0, heads: heads)] }, at: x, cotangents: { _ in [g] }).gradient
            return zip(gradient, wanted).map { $1 ? $0 : nil }
        case .gather:
            let rows = g.reshaped(to: [g.shape.count / g.shape[-1], g.shape[-1]])
            return [rows.scatterAdded(x[1].reshaped(to: [x[1].shape.count]), rows: x[0].shape[0]), nil]
        case .scatterAdd: return [g.gatherOrZero(x[1]), nil]
        }
    }
}

extension Tensor {
    /// The transpose of broadcasting: sums over what was repeated, back to a smaller shape.
    func summed(to target: Shape) -> Tensor {
        let aligned = target.paddedLeft(to: rank)
        let axes = (0..<rank).filter { aligned[$0] == 1 && shape[$0] != 1 }
        return sum(axes, keepingAxes: true).reshaped(to: target)
    }
}
