/// y = x · W + b along the last axis.
public struct Linear: Module, Sendable {
    /// [inputs, outputs].
    public var weight: Tensor
    /// [outputs].
    public var bias: Tensor

    /// How the weights are initialized.
    public enum Start: Sendable {
        /// Normal with variance 1 / inputs, which keeps the scale of normal activations (LeCun 1998); biases zero.
        case scaled
        case zero
    }

    /// Creates a layer from `inputs` to `outputs` features.
    /// - Parameter key: the key of the initial weights.
    public init(inputs: Int, outputs: Int, start: Start = .scaled, key: RandomKey) {
        switch start {
        case .scaled:
            weight = .normal([inputs, outputs], key: key.folding("weight")) * (1 / Double(inputs).squareRoot())
        case .zero: weight = .zeros([inputs, outputs])
        }
        bias = .zeros([outputs])
    }

    /// […, inputs] → […, outputs].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.matmul(weight) + bias }

    /// Visits the weights.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        visit("weight", &weight)
        visit("bias", &bias)
    }
}
