import Engine

/// A multilayer perceptron with SiLU, conditioned on time, class and other scalars by what they add to the first layer:
/// h₁ = silu(W x + A φ(t) + e(c) + g(δ) + k(γ)), h_{k+1} = silu(W_k h_k + b_k), out = W h + b.
public struct MLP: Module, Sendable {
    public var classes: Int { conditioning.classes }
    private let features: TimeFeatures
    var input: Linear
    var time: Linear
    var conditioning: Conditioning
    var hidden: [Linear]
    var output: Linear

    public init(width: Int, depth: Int, times: Frequencies, dimension: Int, classes: Int, key: RandomKey) {
        features = times.features
        input = Linear(inputs: dimension, outputs: width, key: key.folding("input"))
        time = Linear(inputs: features.width, outputs: width, key: key.folding("time"))
        conditioning = Conditioning(classes: classes, width: width, features: features, labelScale: 1, key: key)
        hidden = (1..<depth).map {
            Linear(inputs: width, outputs: width, key: key.folding("hidden").folding($0))
        }
        output = Linear(inputs: width, outputs: dimension, key: key.folding("output"))
    }

    public func callAsFunction(_ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        let sum = conditioning.added(to: input(x) + time(features(t)), duration: delta, condition)
        return output(hidden.reduce(silu(sum)) { silu($1($0)) })
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        input.visitParameters(under: "input", visit)
        time.visitParameters(under: "time", visit)
        conditioning.visitParameters(visit)
        hidden.visitParameters(under: "hidden", visit)
        output.visitParameters(under: "output", visit)
    }
}
