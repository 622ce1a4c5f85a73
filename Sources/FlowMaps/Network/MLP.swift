import Tensors

/// A multilayer perceptron with SiLU, conditioned on time, class and other scalars by what they add to the first layer:
/// h₁ = silu(W x + A φ(t) + e(c) + g(δ) + k(γ)), h_{k+1} = silu(W_k h_k + b_k), out = W h + b. Decoupled it has no g(δ), and the
/// embedding of the step's end s in the first of its late layers.
public struct MLP: Module, Sendable {
    /// The number of classes; 0 without.
    public var classes: Int { conditioning.classes }
    private let features: TimeFeatures
    var input: Linear
    var time: Linear
    var conditioning: Conditioning
    var hidden: [Linear]
    var output: Linear
    /// The parts of a flow map's network that a velocity's network lacks.
    var form = MapForm.plain
    /// The embedder of the step's end, added in the layer after `early`; nil unless the network is decoupled.
    var target: ScalarEmbedder?
    /// The number of mixtures in a sample; 1 for other heads.
    var locations = 1

    /// A perceptron with weights drawn from a key.
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

    /// x [n, d], time and duration [n, 1] → [n, outputs].
    public func callAsFunction(
        _ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition,
        onHiddenLayer: HiddenVisit = { _, _ in }
    ) -> Tensor {
        let sum = conditioning.added(to: input(x) + time(features(t)), time: t, duration: delta, condition)
        let late = target.map { target -> Tensor in
            guard let delta else { preconditionFailure("a decoupled network needs durations") }
            return target(t - delta)
        }
        let first = silu(sum)
        onHiddenLayer(1, first.asToken)
        return output(
            hidden.indices.reduce(first) { h, index in
                let next = hidden[index](h)
                let layer = silu(index + 1 == early ? next + late! : next)
                onHiddenLayer(index + 2, layer.asToken)
                return layer
            })
    }

    /// The layers that see t, where it is decoupled.
    private var early: Int? {
        guard case .decoupled(let share) = form.conditioning else { return nil }
        return StepConditioning.early(share, of: hidden.count + 1)
    }

    /// Makes the late layers see the end of the step.
    mutating func decouple(early share: Double, key: RandomKey) {
        form.conditioning = .decoupled(early: share)
        target = ScalarEmbedder(features: features, width: input.bias.shape[0], key: key.folding("target"))
    }

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        input.visitParameters(under: "input", visit)
        time.visitParameters(under: "time", visit)
        conditioning.visitParameters(visit)
        hidden.visitParameters(under: "hidden", visit)
        output.visitParameters(under: "output", visit)
        target?.visitParameters(under: "target", visit)
    }
}
