import Tensors

/// Functions of numbers, element by element.
extension HLOFunction {
    mutating func unary(_ function: Unary, _ x: HLOValue) -> HLOValue {
        switch function {
        case .negate: apply("negate", x)
        case .exponential: apply("exponential", x)
        case .logarithm: apply("log", x)
        case .sine: apply("sine", x)
        case .cosine: apply("cosine", x)
        case .squareRoot: apply("sqrt", x)
        case .reciprocal: apply("divide", number(1, x.type), x)
        case .sigmoid: apply("logistic", x)
        case .tanh: apply("tanh", x)
        case .absolute: apply("abs", x)
        case .sign: sign(x)
        case .floor: apply("floor", x)
        case .geluGate: geluGate(x)
        }
    }

    /// 1 or −1, and 0 for 0 and what is no number.
    private mutating func sign(_ x: HLOValue) -> HLOValue {
        let zero = number(0, x.type)
        let isAbove = converted(compared(x, "GT", zero), to: .float32)
        return apply("subtract", isAbove, converted(compared(x, "LT", zero), to: .float32))
    }

    private mutating func geluGate(_ x: HLOValue) -> HLOValue {
        let cubic = apply("multiply", apply("multiply", number(Float(Gelu.cubic), x.type), x), x)
        return apply("logistic", apply("multiply", x, apply("add", number(Float(Gelu.linear), x.type), cubic)))
    }

    mutating func binary(_ function: Binary, _ a: HLOValue, _ b: HLOValue) -> HLOValue {
        switch function {
        case .add: apply("add", a, b)
        case .subtract: apply("subtract", a, b)
        case .multiply, .silu, .gelu: apply("multiply", a, b)
        case .divide: apply("divide", a, b)
        case .maximum: select(compared(a, "GT", b), a, b)
        case .greater: converted(compared(a, "GT", b), to: .float32)
        case .equal: converted(compared(a, "EQ", b), to: .float32)
        case .siluSlope: apply("add", b, gateSlope(a, b))
        case .geluSlope: geluSlope(a, b)
        }
    }

    /// a · b (1 − b).
    private mutating func gateSlope(_ a: HLOValue, _ b: HLOValue) -> HLOValue {
        apply("multiply", apply("multiply", a, b), apply("subtract", number(1, b.type), b))
    }

    private mutating func geluSlope(_ a: HLOValue, _ b: HLOValue) -> HLOValue {
        let quadratic = apply("multiply", apply("multiply", number(Float(3 * Gelu.cubic), a.type), a), a)
        let slope = apply("add", number(Float(Gelu.linear), a.type), quadratic)
        return apply("add", b, apply("multiply", gateSlope(a, b), slope))
    }

    /// "add" or "maximum" over axes, which go.
    mutating func reduced(_ x: HLOValue, by operation: String, from initial: Float, _ axes: Range<Int>) -> HLOValue {
        let start = number(initial)
        let kept = x.type.dimensions.indices.filter { !axes.contains($0) }.map { x.type.dimensions[$0] }
        let type = x.type.shaped(kept)
        return value(
            "stablehlo.reduce(\(x.name) init: \(start.name)) applies stablehlo.\(operation) across dimensions = "
                + "\(Array(axes)) : (\(x.type), \(start.type)) -> \(type)", type)
    }

    /// Zeros before and after along an axis.
    mutating func padded(_ x: HLOValue, axis: Int, before: Int, to extent: Int) -> HLOValue {
        let zero = number(0)
        var low = Array(repeating: 0, count: x.type.dimensions.count), high = low, dimensions = x.type.dimensions
        low[axis] = before
        high[axis] = extent - before - dimensions[axis]
        dimensions[axis] = extent
        let type = x.type.shaped(dimensions)
        return value(
            "stablehlo.pad \(x.name), \(zero.name), low = \(low), high = \(high), interior = \(low.map { _ in 0 }) : "
                + "(\(x.type), \(zero.type)) -> \(type)", type)
    }
}
