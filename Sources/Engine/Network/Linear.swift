/// y = x · W + b along the last axis.
public struct Linear: Module, Sendable {
    /// [inputs, outputs].
    public var weight: Tensor
    /// [outputs].
    public var bias: Tensor

    /// How the weights begin.
    public enum Start: Sendable {
        /// Normal with variance 1 / inputs, which keeps the scale of normal activations (LeCun 1998); biases zero.
        case scaled
        case zero
    }

    public init(inputs: Int, outputs: Int, start: Start = .scaled, key: RandomKey) {
        switch start {
        case .scaled:
            weight = .normal([inputs, outputs], key: key.folding("weight")) * (1 / Double(inputs).squareRoot())
        case .zero: weight = .zeros([inputs, outputs])
        }
        bias = .zeros([outputs])
    }

    /// […, inputs] → […, outputs].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.product(weight) + bias }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        visit("weight", &weight)
        visit("bias", &bias)
    }
}
