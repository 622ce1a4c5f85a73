import Tensors

/// How far a float32 computation of a program may lie from its float64 values, element by element.
///
/// Every operation adds its own rounding to what its operands bring with them, so the bounds grow with depth and size as errors
/// may, and a comparison that rounding may decide, a step or a tie leaves nothing known behind it instead of a wide bound.
struct ErrorBounds {
    /// Of an operand of a matrix product, relative: 0, or half a unit of bfloat16 where operands are rounded to it.
    let operandRounding: Double
    private var values: [ObjectIdentifier: [Double]] = [:]
    private var bounds: [ObjectIdentifier: [Double]] = [:]

    /// Half the distance of neighbouring bfloat16 numbers, relative to them.
    static let bfloat16 = 0x1p-8

    /// - Parameters:
    ///   - inputs: float64 values of each input.
    ///   - inputBounds: of each input; exact without.
    ///   - trace: from the inputs, the results.
    /// - Returns: of each result the values and their bounds.
    static func results(
        _ shapes: [Shape], _ inputs: [[Double]], _ inputBounds: [[Double]]? = nil, operandRounding: Double = 0,
        _ trace: ([Tensor]) -> [Tensor]
    ) -> [(values: [Double], bounds: [Double])] {
        var results: [Tensor] = [], leaves: [Tensor] = []
        let program = Program(inputs: shapes) { inputs in
            leaves = inputs
            results = trace(inputs)
            return Node.ordered(from: results.map(\.node)).map { Tensor($0) }
        }
        var analysis = ErrorBounds(operandRounding: operandRounding)
        for (leaf, bounds) in zip(leaves, inputBounds ?? shapes.map { Array(repeating: 0, count: $0.count) }) {
            analysis.bounds[ObjectIdentifier(leaf.node)] = bounds
        }
        for (tensor, values) in zip(program.outputs, program.evaluate(inputs)) {
            let id = ObjectIdentifier(tensor.node)
            analysis.values[id] = values
            if analysis.bounds[id] == nil {
                analysis.bounds[id] = analysis.bound(of: tensor.node).map { $0.isNaN ? .infinity : $0 }
            }
        }
        return results.map { result in
            let id = ObjectIdentifier(result.node)
            return (analysis.values[id]!, analysis.bounds[id]!)
        }
    }

    private init(operandRounding: Double) { self.operandRounding = operandRounding }

    private func approximations(_ node: Node) -> [Approximation] {
        let id = ObjectIdentifier(node)
        return zip(values[id]!, bounds[id]!).map { Approximation($0, within: $1) }
    }

    /// From what is known of a node's inputs.
    private func bound(of node: Node) -> [Double] {
        let x = node.inputs.map { values[ObjectIdentifier($0)]! }, e = node.inputs.map { bounds[ObjectIdentifier($0)]! }
        switch node.primitive {
        case .placeholder: preconditionFailure("an input's bounds are given")
        case .constant, .random, .replica: return Array(repeating: 0, count: node.shape.count)
        case .scalar(let number): return [Approximation(number: number).bound]
        case .unary(let function): return approximations(node.inputs[0]).map { $0.mapped(by: function).bound }
        case .binary(let function):
            if function == .equal, let mask = boundOfPlaceOfLargest(node) { return mask }
            return zip(approximations(node.inputs[0]), approximations(node.inputs[1])).map {
                $0.combined(with: $1, by: function).bound
            }
        case .select:
            return x[0].indices.map { index in
                if abs(x[0][index]) > e[0][index] || e[0][index] == 0 {
                    return x[0][index] != 0 ? e[1][index] : e[2][index]
                }
                return .infinity
            }
        case .identity, .stopGradient, .keep, .after, .hoist, .sumOverReplicas, .broadcast, .reshape, .transpose,
            .slice, .pad, .concatenate, .max:
            // The largest of some values moves no further than one of them.
            return node.applied(to: e)
        case .sum:
            let terms = zip(x[0], e[0]).map { abs($0) + $1 },
                count = node.inputs[0].shape.count / max(1, node.shape.count)
            return zip(node.applied(to: e), node.applied(to: [terms])).map { $0 + Self.rounding(of: count) * $1 }
        case .matmul: return boundOfProduct(node, x, e)
        case .attention(let part, let heads):
            return Self.results(node.inputs.map(\.shape), x, e, operandRounding: operandRounding) {
                [part.plain($0, heads: heads)]
            }[0].bounds
        case .gather:
            guard e[1].allSatisfy({ $0 == 0 }) else { return Array(repeating: .infinity, count: node.shape.count) }
            return node.applied(to: [e[0], x[1]])
        case .scatterAdd:
            guard e[1].allSatisfy({ $0 == 0 }) else { return Array(repeating: .infinity, count: node.shape.count) }
            let terms = zip(x[0], e[0]).map { abs($0) + $1 }
            return zip(node.applied(to: [e[0], x[1]]), node.applied(to: [terms, x[1]])).map {
                $0 + Self.rounding(of: x[1].count) * $1
            }
        }
    }

    /// Of a sum of so many terms in any order, relative to the sum of their sizes.
    private static func rounding(of terms: Int) -> Double { Double(terms) * Approximation.rounding }

    private func boundOfProduct(_ node: Node, _ x: [[Double]], _ e: [[Double]]) -> [Double] {
        let depth = node.inputs[0].shape[-1]
        let sizes = zip(x, e).map { zip($0, $1).map { abs($0) + $1 } }
        let errors = zip(sizes, e).map { zip($0, $1).map { operandRounding * $0 + $1 } }
        let first = node.applied(to: [errors[0], sizes[1]]), second = node.applied(to: [sizes[0], errors[1]])
        let both = node.applied(to: errors), all = node.applied(to: sizes)
        // One more for a bias that is added to it where it is written.
        return node.shape.count == 0
            ? []
            : all.indices.map {
                first[$0] + second[$0] + both[$0] + Self.rounding(of: depth + 1) * all[$0]
            }
    }

    /// Of the mask that says where a tensor has its largest value along axes: known where no other value comes near that.
    private func boundOfPlaceOfLargest(_ node: Node) -> [Double]? {
        var peak = node.inputs[1]
        while case .broadcast = peak.primitive { peak = peak.inputs[0] }
        // A value equals itself, however it was rounded.
        if node.inputs[0] === node.inputs[1] { return Array(repeating: 0, count: node.shape.count) }
        guard case .max(let axes) = peak.primitive, peak.inputs[0] === node.inputs[0] else { return nil }
        let near = zip(approximations(node.inputs[0]), approximations(node.inputs[1])).map { value, peak in
            peak.value - value.value <= value.bound + peak.bound ? 1.0 : 0
        }
        let rivals = Program(inputs: [node.shape]) { inputs in
            [inputs[0].sum(Array(axes), keepingAxes: true).broadcast(to: node.shape)]
        }.evaluate([near])[0]
        let bounds = bounds[ObjectIdentifier(node.inputs[0])]!
        return near.indices.map { near[$0] == 1 && rivals[$0] > 1 && bounds[$0] > 0 ? .infinity : 0 }
    }
}

extension Node {
    /// The node's operation on other values of its inputs' shapes.
    fileprivate func applied(to values: [[Double]]) -> [Double] {
        Program(inputs: inputs.map(\.shape)) { [Tensor(self.primitive, $0, shape: self.shape)] }.evaluate(values)[0]
    }
}
