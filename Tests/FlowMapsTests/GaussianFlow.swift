import Tensors
import FlowMaps

/// The flow from N(0, 1) to data N(m, diag q²), known in closed form: the oracle of objectives and samplers.
///
/// With S_t² = (1 − t)² q² + t², on each axis
/// u(x, t) = −m + (t − (1 − t) q²) / S_t² (x − (1 − t) m) and f(x, t, s) = (1 − s) m + S_s / S_t (x − (1 − t) m).
struct GaussianFlow: FlowMap, GuidableVelocity {
    /// m and q on each axis.
    let mean, deviation: [Double]

    private var centre: Tensor { .row(mean) }
    private var variance: Tensor { .row(deviation.map { $0 * $0 }) }

    /// S_t, [n, d].
    private func spread(_ t: Tensor) -> Tensor { sqrt(square(1 - t) * variance + square(t)) }

    func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        (t - (1 - t) * variance) / square(spread(t)) * (x - (1 - t) * centre) - centre
    }

    func unconditional(_ x: Tensor, at t: Tensor) -> Tensor { self(x, at: t, given: .none) }

    /// (f − x) / (s − t) with S_s² − S_t² = (s − t) (s + t − (2 − s − t) q²) divided out, so that s = t is no special case.
    func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
        let slope = (s + t - (2 - s - t) * variance) / (spread(t) * (spread(t) + spread(s)))
        return slope * (x - (1 - t) * centre) - centre
    }

    /// f as the closed form has it.
    func state(_ x: Tensor, from t: Tensor, to s: Tensor) -> Tensor {
        (1 - s) * centre + spread(s) / spread(t) * (x - (1 - t) * centre)
    }
}

/// The map that Euler's method of a velocity computes in N steps from t to 0: after i of them the mean of the first i velocities.
struct EulerMap<Field: VelocityField>: FlowMap {
    let field: Field
    let intervals: Int

    /// For s on the grid of t; at s = t, where no interval is passed, the velocity there.
    func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
        let length = t / Double(intervals)
        let passed = floor((t - s) / maximum(length, Tensor(1e-12)) + 0.5)
        var state = x
        var sum = Tensor(0)
        var result = field(x, at: t, given: condition)
        for index in 0..<intervals {
            let velocity = field(state, at: t - Double(index) * length, given: condition)
            sum += velocity
            state = state - length * velocity
            result = select(equal(passed, Tensor(Double(index + 1))), sum / Double(index + 1), result)
        }
        return result
    }
}

extension Tensor {
    /// Numbers in float64 as one row [1, d].
    static func row(_ values: [Double]) -> Tensor {
        .concatenate(values.map { Tensor($0).broadcast(to: [1, 1]) }, axis: 1)
    }

    /// Numbers in float64 as a column [n, 1].
    static func column(_ values: [Double]) -> Tensor {
        .concatenate(values.map { Tensor($0).broadcast(to: [1, 1]) }, axis: 0)
    }
}

/// The largest absolute value.
func largest(_ values: [Double]) -> Double { values.map(abs).reduce(0) { $1.isNaN ? .infinity : max($0, $1) } }

/// The mean and the standard deviation of one axis of samples [n × dimension].
func moments(_ samples: [Float], dimension: Int = 1, axis: Int = 0) -> (mean: Double, deviation: Double) {
    let values = stride(from: axis, to: samples.count, by: dimension).map { Double(samples[$0]) }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance.squareRoot())
}
