@testable import CPU
@testable import Tensors

/// A float64 value, and how far from it a float32 computation may lie: a running error analysis (Higham, "Accuracy and Stability of
/// Numerical Algorithms", 2002, section 3.3). A bound of ∞ says that nothing is known, as where a comparison may come out either
/// way.
struct Approximation {
    var value: Double
    var bound: Double

    /// Half the distance of neighbouring float32 numbers, relative to them.
    static let rounding = 0x1p-24
    /// Of an elementary function, relative: the kernels are good to two units in the last place.
    static let elementary = 4 * rounding
    /// Where exponentials end instead of underflowing, and numbers below which float32 has fewer digits.
    static let underflow = 2e-38

    init(_ value: Double, within bound: Double = 0) { (self.value, self.bound) = (value, bound) }

    /// What comes out where the exact result differs by no more than `propagated`, and is rounded.
    private init(rounded value: Double, _ propagated: Double, by unit: Double = rounding) {
        self.value = value
        if propagated == 0, Double(Float(value)) == value {
            // Exact operands, and a result that float32 has.
            bound = 0
        } else {
            bound = propagated + unit * (abs(value) + propagated) + Self.underflow
            if bound.isNaN { bound = .infinity }
        }
    }

    /// A number in the text of a program.
    init(number: Double) { self.init(number, within: abs(number - Double(Float(number)))) }

    static func + (a: Self, b: Self) -> Self { Self(rounded: a.value + b.value, a.bound + b.bound) }
    static func - (a: Self, b: Self) -> Self { Self(rounded: a.value - b.value, a.bound + b.bound) }

    static func * (a: Self, b: Self) -> Self {
        Self(rounded: a.value * b.value, abs(a.value) * b.bound + abs(b.value) * a.bound + a.bound * b.bound)
    }

    static func / (a: Self, b: Self) -> Self {
        let quotient = a.value / b.value, room = abs(b.value) - b.bound
        let propagated = room > 0 ? (a.bound + abs(quotient) * b.bound) / room : .infinity
        return Self(rounded: quotient, propagated, by: elementary)
    }

    /// A function that changes at most so much over the bound.
    private func mapped(_ value: Double, changingBy change: Double) -> Self {
        Self(rounded: value, change, by: Self.elementary)
    }

    /// A function that rises or falls throughout.
    private func monotone(_ function: Unary) -> Self {
        let result = function.value(value)
        if bound == 0 { return mapped(result, changingBy: 0) }
        let change = max(abs(function.value(value + bound) - result), abs(function.value(value - bound) - result))
        return mapped(result, changingBy: change)
    }

    /// A function of steps: known where it is one number over all of the bound.
    private func stepwise(_ function: Unary) -> Self {
        let result = function.value(value)
        let isKnown = function.value(value - bound) == result && function.value(value + bound) == result
        return Self(result, within: isKnown ? 0 : .infinity)
    }

    func mapped(by function: Unary) -> Self {
        switch function {
        case .negate, .absolute: return Self(function.value(value), within: bound)
        case .exponential, .sigmoid, .tanh: return monotone(function)
        case .logarithm, .squareRoot: return value - bound > 0 || bound == 0 ? monotone(function) : unknown(function)
        case .reciprocal: return abs(value) > bound ? monotone(function) : unknown(function)
        // Their own errors are those of the reduced argument: absolute ones.
        case .sine, .cosine: return Self(function.value(value), within: bound + Self.elementary)
        case .sign, .floor: return stepwise(function)
        case .geluGate:
            let cube = self * (Self(number: Gelu.linear) + Self(number: Gelu.cubic) * self * self)
            return cube.monotone(.sigmoid)
        }
    }

    private func unknown(_ function: Unary) -> Self { Self(function.value(value), within: .infinity) }

    func combined(with other: Self, by function: Binary) -> Self {
        let one = Self(1)
        switch function {
        case .add: return self + other
        case .subtract: return self - other
        case .multiply, .silu, .gelu: return self * other
        case .divide: return self / other
        case .maximum: return Self(function.value(value, other.value), within: max(bound, other.bound))
        case .greater, .equal:
            let reach = bound + other.bound, isKnown = reach == 0 || abs(value - other.value) > reach
            return Self(function.value(value, other.value), within: isKnown ? 0 : .infinity)
        case .siluSlope: return other + self * other * (one - other)
        case .geluSlope:
            let slope = Self(number: Gelu.linear) + Self(number: 3 * Gelu.cubic) * self * self
            return other + self * other * (one - other) * slope
        }
    }
}
