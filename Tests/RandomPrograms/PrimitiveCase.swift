import Tensors
import TestSupport

/// A function made of few primitives, and where it is tried.
struct PrimitiveCase: Sendable, CustomStringConvertible {
    let name: String
    let shapes: [Shape]
    /// Inputs are drawn uniformly from here.
    var range: ClosedRange<Double> = -2...2
    let function: @Sendable ([Tensor]) -> Tensor

    var description: String { name }

    /// The inputs in float64, but numbers of float32.
    func inputs(_ purpose: String) -> [[Double]] {
        shapes.enumerated().map { index, shape in
            let key = RandomKey(seed: 7).folding(name).folding(purpose).folding(index)
            let unit = Tensor.materialized([.uniform(shape, key: key)])[0].doubles
            return unit.map { Double(Float(range.lowerBound + (range.upperBound - range.lowerBound) * $0)) }
        }
    }
}

extension PrimitiveCase {
    /// One or more for each primitive, and for what the CPU engine makes of several.
    static let all = [
        PrimitiveCase(name: "negate", shapes: [[3, 5]]) { -$0[0] },
        PrimitiveCase(name: "exp", shapes: [[37]]) { exp($0[0]) },
        PrimitiveCase(name: "log", shapes: [[37]], range: 0.1...4) { log($0[0]) },
        PrimitiveCase(name: "sin", shapes: [[40]], range: -9...9) { sin($0[0]) },
        PrimitiveCase(name: "cos", shapes: [[40]], range: -9...9) { cos($0[0]) },
        PrimitiveCase(name: "sqrt", shapes: [[37]], range: 0.1...4) { sqrt($0[0]) },
        PrimitiveCase(name: "reciprocal", shapes: [[37]], range: 0.3...4) { reciprocal($0[0]) },
        PrimitiveCase(name: "sigmoid", shapes: [[37]], range: -9...9) { sigmoid($0[0]) },
        PrimitiveCase(name: "tanh", shapes: [[37]], range: -4...4) { tanh($0[0]) },
        PrimitiveCase(name: "abs", shapes: [[37]]) { abs($0[0]) },
        PrimitiveCase(name: "sign and floor", shapes: [[37]]) { sign($0[0]) * floor($0[0]) + $0[0] },
        PrimitiveCase(name: "add with broadcasting", shapes: [[4, 1, 3], [5, 1]]) { $0[0] + $0[1] },
        PrimitiveCase(name: "subtract", shapes: [[33], [33]]) { $0[0] - $0[1] },
        PrimitiveCase(name: "multiply rows", shapes: [[20, 7], [7]]) { $0[0] * $0[1] },
        PrimitiveCase(name: "multiply columns", shapes: [[20, 7], [20, 1]]) { $0[0] * $0[1] },
        PrimitiveCase(name: "divide", shapes: [[33], [33]], range: 0.5...2) { $0[0] / $0[1] },
        PrimitiveCase(name: "maximum", shapes: [[33], [33]]) { maximum($0[0], $0[1]) },
        PrimitiveCase(name: "greater and equal", shapes: [[33], [33]]) {
            greater($0[0], $0[1]) * $0[0] + equal($0[0], $0[0]) * $0[1]
        },
        PrimitiveCase(name: "select", shapes: [[33], [33]]) { select(greater($0[0], Tensor(0)), square($0[0]), $0[1]) },
        PrimitiveCase(name: "stopGradient of a constant part", shapes: [[9]]) { $0[0] * stopGradient(Tensor(3)) },
        PrimitiveCase(name: "broadcast", shapes: [[1, 3]]) { square($0[0]).broadcast(to: [2, 5, 3]) },
        PrimitiveCase(name: "reshape", shapes: [[4, 6]]) { square($0[0]).reshaped(to: [2, 12]) },
        PrimitiveCase(name: "reshape of a transpose", shapes: [[4, 6]]) { $0[0].transpose.reshaped(to: [3, 8]) },
        PrimitiveCase(name: "transpose", shapes: [[2, 3, 5]]) { square($0[0]).transposed([2, 0, 1]) },
        PrimitiveCase(name: "a matrix and its transpose", shapes: [[6, 6]]) { square($0[0]) + square($0[0]).transpose },
        PrimitiveCase(name: "slice", shapes: [[5, 7]]) { square($0[0]).slice(2..<5, axis: 1) },
        PrimitiveCase(name: "pad", shapes: [[3, 5]]) { square($0[0]).padded(before: 1, after: 2, axis: 1) },
        PrimitiveCase(name: "concatenate", shapes: [[3, 5], [3, 2]]) { .concatenate([square($0[0]), $0[1]], axis: 1) },
        PrimitiveCase(name: "concatenate rows", shapes: [[3, 5], [2, 5]]) {
            .concatenate([$0[0], square($0[1])], axis: 0)
        },
        PrimitiveCase(name: "sum of all", shapes: [[13, 21]]) { square($0[0]).sum() },
        PrimitiveCase(name: "sum of rows", shapes: [[5, 200]]) { square($0[0]).sum([1]) },
        PrimitiveCase(name: "sum of columns", shapes: [[50, 70]]) { square($0[0]).sum([0]) },
        PrimitiveCase(name: "sum of outer and inner axes", shapes: [[3, 4, 5]]) { square($0[0]).sum([0, 2]) },
        PrimitiveCase(name: "mean kept", shapes: [[3, 4, 5]]) { square($0[0]).mean([1], keepingAxes: true) },
        PrimitiveCase(name: "largest", shapes: [[4, 9]]) { $0[0].max([1]) },
        PrimitiveCase(name: "largest of columns", shapes: [[4, 9]]) { $0[0].max([0]) },
        PrimitiveCase(name: "product", shapes: [[5, 4], [4, 7]]) { $0[0].matmul($0[1]) },
        PrimitiveCase(name: "product of transposes", shapes: [[4, 5], [7, 4]]) {
            $0[0].transpose.matmul($0[1].transpose)
        },
        PrimitiveCase(name: "product of one column", shapes: [[5, 1], [1, 7]]) { $0[0].matmul($0[1]) },
        PrimitiveCase(name: "product of slices", shapes: [[5, 9], [9, 7]]) {
            $0[0].slice(1..<5, axis: 1).matmul($0[1].slice(2..<6, axis: 0))
        },
        PrimitiveCase(name: "batched product", shapes: [[2, 3, 5, 4], [2, 3, 4, 6]]) { $0[0].matmul($0[1]) },
        PrimitiveCase(name: "batched product of moved axes", shapes: [[2, 5, 3, 4], [2, 5, 3, 4]]) {
            $0[0].transposed([0, 2, 1, 3]).matmul($0[1].transposed([0, 2, 3, 1]))
        },
        PrimitiveCase(name: "batched product with a transpose", shapes: [[3, 37, 20], [3, 70, 20]]) {
            $0[0].matmul($0[1].transpose)
        },
        PrimitiveCase(name: "batched products put in another order", shapes: [[2, 3, 5, 4], [2, 3, 4, 6]]) {
            $0[0].matmul($0[1]).transposed([0, 2, 1, 3]).reshaped(to: [2, 5, 18])
        },
        PrimitiveCase(name: "product of long sides", shapes: [[33, 50], [50, 40]]) { $0[0].matmul($0[1]) },
        PrimitiveCase(name: "product with few columns", shapes: [[37, 50], [50, 3]]) { $0[0].matmul($0[1]) },
        PrimitiveCase(name: "product of a transpose with few columns", shapes: [[50, 150], [50, 3]]) {
            $0[0].transpose.matmul($0[1])
        },
        PrimitiveCase(name: "product of few rows", shapes: [[3, 50], [50, 70]]) { $0[0].matmul($0[1]) },
        PrimitiveCase(name: "product of little depth", shapes: [[40, 5], [70, 5]]) { $0[0].matmul($0[1].transpose) },
        PrimitiveCase(name: "product with a bias", shapes: [[33, 50], [50, 70], [70]]) { $0[0].matmul($0[1]) + $0[2] },
        PrimitiveCase(
            name: "product of some depth with a bias", shapes: [[20, 300], [300, 40], [40]], range: -0.2...0.2
        ) {
            silu($0[2] + $0[0].matmul($0[1]))
        },
        PrimitiveCase(name: "product of stacks with a matrix", shapes: [[2, 3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
        PrimitiveCase(name: "gather", shapes: [[5, 3]]) { square($0[0]).gather(Tensor([4, 0, 4, 2], shape: [2, 2])) },
        PrimitiveCase(name: "scatterAdd", shapes: [[4, 3]]) {
            square($0[0]).scatterAdded(Tensor([1, 5, 1, 0], shape: [4]), rows: 6)
        },
        PrimitiveCase(name: "hoist", shapes: [[9]]) { $0[0] * exp(.normal([9], key: RandomKey(seed: 1))).hoisted() },
        PrimitiveCase(name: "a kept value, after another", shapes: [[9], [9]]) {
            let kept = square($0[0]).kept
            return kept.after(exp($0[1])) * $0[1].after(kept)
        },
        PrimitiveCase(name: "one replica and its sum", shapes: [[9]]) {
            (square($0[0]) + Tensor.replica).summedOverReplicas()
        },
        PrimitiveCase(name: "softmax", shapes: [[4, 9]]) { softmax($0[0]) },
        PrimitiveCase(name: "logSumExp", shapes: [[4, 9]]) { logSumExp($0[0]) },
        PrimitiveCase(name: "silu", shapes: [[64]], range: -6...6) { silu($0[0]) },
        PrimitiveCase(name: "gelu", shapes: [[64]], range: -6...6) { gelu($0[0]) },
        PrimitiveCase(name: "silu's tangent", shapes: [[64], [64]], range: -6...6) {
            jvp(silu, at: $0[0], along: $0[1]).tangent
        },
        PrimitiveCase(name: "gelu's tangent", shapes: [[64], [64]], range: -6...6) {
            jvp(gelu, at: $0[0], along: $0[1]).tangent
        },
        PrimitiveCase(name: "layer norm", shapes: [[6, 40]]) { LayerNorm()($0[0]) },
        PrimitiveCase(name: "modulated layer norm", shapes: [[3, 5, 16], [3, 1, 16]]) {
            LayerNorm()($0[0]) * $0[1] + $0[1]
        },
        PrimitiveCase(name: "softmax of long rows", shapes: [[3, 5, 49]]) { softmax(square($0[0])) },
        PrimitiveCase(name: "attention", shapes: [[2, 5, 8], [8, 24], [8, 8]]) { inputs in
            var layer = Attention(width: 8, heads: 2, key: RandomKey(seed: 1))
            (layer.input.weight, layer.output.weight) = (inputs[1], inputs[2])
            return layer(inputs[0])
        },
        PrimitiveCase(name: "attention of 140 tokens, some queries at a time", shapes: [[2, 140, 30]]) {
            AttentionPart.value([$0[0]], heads: 2)
        },
        PrimitiveCase(name: "attention's tangent", shapes: [[3, 19, 96], [3, 19, 96]]) {
            AttentionPart.tangent([$0[0], $0[1]], heads: 2)
        },
        PrimitiveCase(name: "attention's tangent of 140 tokens", shapes: [[1, 140, 15], [1, 140, 15]]) {
            AttentionPart.tangent([$0[0], $0[1]], heads: 1)
        },
        PrimitiveCase(name: "attention's cotangent", shapes: [[3, 19, 96], [3, 19, 32]]) {
            AttentionPart.cotangent([$0[0], $0[1]], heads: 2)
        },
        PrimitiveCase(name: "attention's cotangent of 140 tokens", shapes: [[1, 140, 15], [1, 140, 5]]) {
            AttentionPart.cotangent([$0[0], $0[1]], heads: 1)
        },
        PrimitiveCase(name: "random", shapes: [[8, 8]]) {
            $0[0] * .normal([8, 8], key: RandomKey(seed: 1), step: Tensor(3))
        },
    ]
}
