import Glibc

extension Unary {
    /// The function of one number, in float64.
    func value(_ x: Double) -> Double {
        switch self {
        case .negate: -x
        case .exponential: Glibc.exp(x)
        case .logarithm: Glibc.log(x)
        case .sine: Glibc.sin(x)
        case .cosine: Glibc.cos(x)
        case .squareRoot: x.squareRoot()
        case .reciprocal: 1 / x
        case .sigmoid: 1 / (1 + Glibc.exp(-x))
        case .tanh: Glibc.tanh(x)
        case .absolute: Swift.abs(x)
        case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
        case .floor: x.rounded(.down)
        case .geluGate: Unary.sigmoid.value(x * (Gelu.linear + Gelu.cubic * x * x))
        }
    }
}

extension Binary {
    /// The function of two numbers, in float64.
    func value(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .maximum: a > b ? a : b
        case .greater: a > b ? 1 : 0
        case .equal: a == b ? 1 : 0
        case .silu, .gelu: a * b
        case .siluSlope: b + a * b * (1 - b)
        case .geluSlope: b + a * b * (1 - b) * (Gelu.linear + 3 * Gelu.cubic * a * a)
        }
    }
}

/// The argument of gelu's gate is linear · x + cubic · x³.
enum Gelu {
    /// √(8/π).
    static let linear = 1.5957691216057308
    /// 0.044715 · √(8/π).
    static let cubic = 0.07135481627260025
}

/// The base to the power of the exponent, in float64.
package func power(_ base: Double, _ exponent: Double) -> Double { Glibc.pow(base, exponent) }

/// ln x in float64, for constants of a program.
func naturalLogarithm(_ x: Double) -> Double { Glibc.log(x) }
