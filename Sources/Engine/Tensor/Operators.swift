/// Arithmetic on tensors, with right-aligned broadcasting. Neutral elements are simplified away as they are recorded, so that
/// derivatives of what does not depend on a variable leave no trace.

extension Tensor {
    /// The sum of each pair of elements.
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        if a.isScalar(0) { return b.broadcast(toAtLeast: a) }
        if b.isScalar(0) { return a.broadcast(toAtLeast: b) }
        return binary(.add, a, b)
    }

    /// The difference of each pair of elements.
    public static func - (a: Tensor, b: Tensor) -> Tensor {
        if b.isScalar(0) { return a.broadcast(toAtLeast: b) }
        if a.isScalar(0) { return (-b).broadcast(toAtLeast: a) }
        return binary(.subtract, a, b)
    }

    /// The product of each pair of elements.
    public static func * (a: Tensor, b: Tensor) -> Tensor {
        if a.isScalar(1) { return b.broadcast(toAtLeast: a) }
        if b.isScalar(1) { return a.broadcast(toAtLeast: b) }
        if a.isScalar(0) || b.isScalar(0) { return .zeros(commonShape(a, b)) }
        return binary(.multiply, a, b)
    }

    /// The quotient of each pair of elements.
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        if b.isScalar(1) { return a.broadcast(toAtLeast: b) }
        if let divisor = b.scalarValue { return (a * Tensor(1 / divisor)).broadcast(toAtLeast: b) }
        return binary(.divide, a, b)
    }

    /// The negative of each element.
    public static prefix func - (a: Tensor) -> Tensor { unary(.negate, a) }

    /// The sum of each element and a number.
    public static func + (a: Tensor, b: Double) -> Tensor { a + Tensor(b) }
    /// The sum of a number and each element.
    public static func + (a: Double, b: Tensor) -> Tensor { Tensor(a) + b }
    /// Each element less a number.
    public static func - (a: Tensor, b: Double) -> Tensor { a - Tensor(b) }
    /// A number less each element.
    public static func - (a: Double, b: Tensor) -> Tensor { Tensor(a) - b }
    /// Each element times a number.
    public static func * (a: Tensor, b: Double) -> Tensor { a * Tensor(b) }
    /// A number times each element.
    public static func * (a: Double, b: Tensor) -> Tensor { Tensor(a) * b }
    /// Each element divided by a number.
    public static func / (a: Tensor, b: Double) -> Tensor { a * Tensor(1 / b) }
    /// A number divided by each element.
    public static func / (a: Double, b: Tensor) -> Tensor { Tensor(a) / b }
    /// Adds a tensor to each element.
    public static func += (a: inout Tensor, b: Tensor) { a = a + b }
}

extension Tensor {
    static func unary(_ function: Unary, _ a: Tensor) -> Tensor {
        if let value = a.scalarValue { return Tensor(function.value(value)).broadcast(to: a.shape) }
        return Tensor(.unary(function), [a], shape: a.shape)
    }

    static func binary(_ function: Binary, _ a: Tensor, _ b: Tensor) -> Tensor {
        let shape = commonShape(a, b)
        if let left = a.scalarValue, let right = b.scalarValue {
            return Tensor(function.value(left, right)).broadcast(to: shape)
        }
        return Tensor(.binary(function), [a.broadcast(to: shape), b.broadcast(to: shape)], shape: shape)
    }

    static func commonShape(_ a: Tensor, _ b: Tensor) -> Shape {
        guard let shape = a.shape.broadcast(with: b.shape) else {
            preconditionFailure("shapes \(a.shape) and \(b.shape) do not broadcast")
        }
        return shape
    }

    /// The number that every element is known to be, if there is one.
    var scalarValue: Double? {
        switch node.primitive {
        case .scalar(let value): value
        case .broadcast, .reshape: Tensor(node.inputs[0]).scalarValue
        default: nil
        }
    }

    private func isScalar(_ value: Double) -> Bool { scalarValue == value }

    /// This tensor in the common shape with another.
    private func broadcast(toAtLeast other: Tensor) -> Tensor { broadcast(to: Self.commonShape(self, other)) }
}

/// e to the power of each element.
public func exp(_ a: Tensor) -> Tensor { .unary(.exponential, a) }
/// Natural logarithm of each element.
public func log(_ a: Tensor) -> Tensor { .unary(.logarithm, a) }
/// Sine of each element, in radians.
public func sin(_ a: Tensor) -> Tensor { .unary(.sine, a) }
/// Cosine of each element, in radians.
public func cos(_ a: Tensor) -> Tensor { .unary(.cosine, a) }
/// Square root of each element; its derivative at 0 is infinite.
public func sqrt(_ a: Tensor) -> Tensor { .unary(.squareRoot, a) }
/// 1 / a.
public func reciprocal(_ a: Tensor) -> Tensor { .unary(.reciprocal, a) }
/// 1 / (1 + e⁻ᵃ).
public func sigmoid(_ a: Tensor) -> Tensor { .unary(.sigmoid, a) }
/// Hyperbolic tangent of each element.
public func tanh(_ a: Tensor) -> Tensor { .unary(.tanh, a) }
/// |a|, with derivative 0 at 0.
public func abs(_ a: Tensor) -> Tensor { .unary(.absolute, a) }
/// −1, 0 or 1; its derivative is 0.
public func sign(_ a: Tensor) -> Tensor { .unary(.sign, a) }
/// The largest whole number not above; its derivative is 0.
public func floor(_ a: Tensor) -> Tensor { .unary(.floor, a) }
/// a².
public func square(_ a: Tensor) -> Tensor { a * a }
/// a · sigmoid(a).
public func silu(_ a: Tensor) -> Tensor { .binary(.silu, a, sigmoid(a)) }
/// The tanh form of the Gaussian error linear unit (Hendrycks and Gimpel, arXiv 1606.08415): ½ a (1 + tanh √(2/π) (a + 0.044715
/// a³)).
public func gelu(_ a: Tensor) -> Tensor {
    // ½ (1 + tanh v) = sigmoid(2 v).
    .binary(.gelu, a, .unary(.geluGate, a))
}
/// The larger of each pair; a tie gives the derivative to the first.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { .binary(.maximum, a, b) }
/// The smaller of each pair; a tie gives the derivative to the first.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { -maximum(-a, -b) }
/// 1 where a > b, else 0.
public func greater(_ a: Tensor, _ b: Tensor) -> Tensor { .binary(.greater, a, b) }
/// 1 where a = b, else 0.
public func equal(_ a: Tensor, _ b: Tensor) -> Tensor { .binary(.equal, a, b) }
/// The value itself, a constant to every derivative.
public func stopGradient(_ a: Tensor) -> Tensor { Tensor(.stopGradient, [a], shape: a.shape) }

/// a where the condition is not 0, else b. The three broadcast to one shape.
public func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    let shape = Tensor.commonShape(condition.broadcast(to: Tensor.commonShape(condition, a)), b)
    return Tensor(
        .select, [condition.broadcast(to: shape), a.broadcast(to: shape), b.broadcast(to: shape)], shape: shape)
}
