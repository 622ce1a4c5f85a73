import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("A gradient that rematerializes") struct RematerializationTests {
    private static let depth = 4

    /// Layers with kept values between them; the last output is a scalar.
    private static func layers(_ x: Tensor, _ weights: [Tensor]) -> Tensor {
        let end = weights.reduce(x.kept) { h, weight in (h + silu(LayerNorm()(h).matmul(weight))).kept }
        return square(end).mean()
    }

    private static let shapes: [Shape] = [[5, 8]] + Array(repeating: [8, 8], count: depth)

    private static func gradients(rematerializing: Bool, of function: @escaping (Tensor, [Tensor]) -> Tensor = layers)
        -> Program
    {
        Program(inputs: shapes) { inputs in
            let result = valueAndGradient(
                of: { function($0[0], Array($0[1...])) }, at: inputs, rematerializing: rematerializing)
            return [result.value] + result.gradient
        }
    }

    private static let inputs = shapes.enumerated().map { index, shape in
        RandomKey(seed: 3).folding(index).normal(count: shape.count)
    }

    @Test("has the same numbers, and the same bits on the CPU")
    func same() {
        let plain = Self.gradients(rematerializing: false), again = Self.gradients(rematerializing: true)
        let exact = Self.inputs.map(\.doubles)
        #expect(again.evaluate(exact) == plain.evaluate(exact))
        #expect(Executable(again)(Self.inputs) == Executable(plain)(Self.inputs))
    }

    @Test("has the same numbers where the function has a derivative in it")
    func tangents() {
        func along(_ x: Tensor, _ weights: [Tensor]) -> Tensor {
            let result = jvp({ Self.layers($0, weights) }, at: x, along: sin(x))
            return result.value * result.tangent
        }
        let plain = Self.gradients(rematerializing: false, of: along)
        let again = Self.gradients(rematerializing: true, of: along)
        let exact = Self.inputs.map(\.doubles)
        for (a, b) in zip(again.evaluate(exact), plain.evaluate(exact)) {
            // Cotangents may be added in another order.
            #expect(mismatch(a, b, within: 1e-12) == nil)
        }
    }

    @Test("reads of the forward pass only kept values, the inputs, and what lies behind the last")
    func reads() {
        let x = Tensor.placeholder([5, 8]), weights = (0..<Self.depth).map { _ in Tensor.placeholder([8, 8]) }
        for rematerializing in [false, true] {
            var loss: Tensor?
            let result = valueAndGradient(
                of: {
                    loss = Self.layers($0[0], Array($0[1...]))
                    return loss!
                }, at: [x] + weights, rematerializing: rematerializing)
            let forward = Node.ordered(from: [loss!.node])
            let own = Set(forward.map { ObjectIdentifier($0) })
            let kept = forward.indices.filter { if case .keep = forward[$0].primitive { true } else { false } }
            #expect(kept.count == Self.depth + 1)
            let between = Set(forward[kept[0]..<kept.last!].map { ObjectIdentifier($0) })
            let backward = Node.ordered(from: result.gradient.map(\.node)).filter {
                !own.contains(ObjectIdentifier($0))
            }
            let large = backward.flatMap(\.inputs).filter {
                between.contains(ObjectIdentifier($0)) && $0.shape.count >= 40 && $0.inputs.count > 0
            }
            let isKeptOnly = large.allSatisfy {
                switch $0.primitive {
                case .keep, .identity: true
                default: false
                }
            }
            #expect(isKeptOnly == rematerializing)
        }
    }
}
