import LinearAlgebra
import Tensors

extension PowerAverage {
    /// ⟨p, q⟩ of the weights p of an average at a step and q of another at another, as densities over the training: what least
    /// squares are made of (the same, Eq. 131).
    static func overlap(_ first: (average: PowerAverage, step: Double), _ second: (average: PowerAverage, step: Double))
        -> Double
    {
        let (a, b) = (first.average.exponent, second.average.exponent)
        let ratio = first.step / second.step
        let reach = ratio < 1 ? power(ratio, b) : power(1 / ratio, a)
        let height = (a + 1) * (b + 1) * reach
        return height / ((a + b + 1) * max(first.step, second.step))
    }

    /// The coefficients by which stored averages approximate another one, by least squares of their weights (the
    /// same, section 3.2). They add up to 1, which is not enforced: else a parameter that hardly moves would be
    /// shrunk by the missing part.
    /// - Parameters:
    ///   - stored: averages at the steps at which they were stored; no two the same.
    ///   - wanted: the average to synthesize, and its step.
    /// - Returns: a coefficient for each stored average; if `wanted` is one of them, it has 1 and the others 0.
    public static func synthesis(
        of wanted: (average: PowerAverage, step: Double), from stored: [(average: PowerAverage, step: Double)]
    ) -> [Double] {
        precondition(!stored.isEmpty, "an average is made of others, and none is there")
        if let place = stored.firstIndex(where: { $0.average == wanted.average && $0.step == wanted.step }) {
            return stored.indices.map { $0 == place ? 1 : 0 }
        }
        // Scaled to a diagonal of ones, for averages of early steps are narrow and so tall.
        let scales = stored.map { 1 / overlap($0, $0).squareRoot() }
        let matrix = stored.indices.flatMap { row in
            stored.indices.map { scales[row] * scales[$0] * overlap(stored[row], stored[$0]) }
        }
        let side = zip(stored, scales).map { $1 * overlap($0, wanted) }
        // Neighbours are nearly alike: directions in which they differ by less than rounding say nothing.
        let inverse = SymmetricEigen(of: matrix, size: stored.count).applying { $0 > 1e-12 ? 1 / $0 : 0 }
        func solution(_ side: [Double]) -> [Double] {
            stored.indices.map { row in side.indices.reduce(0) { $0 + inverse[row * stored.count + $1] * side[$1] } }
        }
        func sum(_ shares: [Double]) -> Double { zip(scales, shares).reduce(0) { $0 + $1.0 * $1.1 } }
        let free = solution(side), even = solution(scales)
        let missing = (1 - sum(free)) / sum(even)
        return stored.indices.map { scales[$0] * (free[$0] + missing * even[$0]) }
    }
}
