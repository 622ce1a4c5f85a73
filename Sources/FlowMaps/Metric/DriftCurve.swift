import Tensors

/// The distance of a student's map from the teacher's path after a duration δ: ‖f(z, 1, 1 − δ) − x(1 − δ)‖ / ‖x(1 −
/// δ)‖, norms over all samples, x the teacher's state from the same z.
///
/// Zero exactly where every state agrees. It has a meaning only for methods that imitate the teacher's map.
public struct DriftCurve: Sendable {
    /// δ of each point, rising, in (0, 1].
    public let durations: [Double]
    /// The teacher's states `[count × dimension]` at each δ, row-major.
    public let states: [[Float]]

    /// The teacher's states at some durations, all of one size.
    public init(durations: [Double], states: [[Float]]) {
        precondition(
            !durations.isEmpty && durations.count == states.count && Set(states.map(\.count)).count == 1,
            "\(durations.count) durations with states of \(states.map(\.count)) numbers")
        (self.durations, self.states) = (durations, states)
    }

    /// The drift of other states, in the same layout: one number, not negative, a duration.
    public func callAsFunction(_ other: [[Float]]) -> [Double] {
        precondition(other.count == states.count, "\(other.count) states for \(states.count) durations")
        return zip(other, states).map { other, state in
            precondition(other.count == state.count, "states of \(other.count) and \(state.count) numbers")
            var (difference, size) = (0.0, 0.0)
            for index in state.indices {
                let gap = Double(other[index]) - Double(state[index])
                difference += gap * gap
                size += Double(state[index]) * Double(state[index])
            }
            return (difference / size).squareRoot()
        }
    }

    /// The drift of a map from the noise `[count × dimension]` that the teacher's states began as.
    public func callAsFunction(
        _ map: some FlowMap, noise: Tensor, given condition: Condition, on backend: any Backend
    ) throws -> [Double] {
        let start = Tensor(Interpolant.noiseTime).broadcast(to: [noise.shape[0], 1])
        return self(
            try durations.map { duration in
                let end = Tensor(Interpolant.noiseTime - duration).broadcast(to: [noise.shape[0], 1])
                return try Tensor.materialized([map(noise, from: start, to: end, given: condition)], on: backend)[0]
            })
    }
}

extension Sampler {
    /// The numbers of steps after which the drift is measured: up to `count`, evenly over the sampler's steps, the last
    /// at the end.
    public func driftSteps(_ count: Int) -> [Int] {
        let count = min(count, steps)
        return (1...count).map { $0 * steps / count }
    }
}

extension Metric {
    /// `DriftCurve`, from the same noise: a curve, which is measured beside the scores.
    public static let drift = Metric("drift", comparing: .pairs, on: .samples, by: nil)
}
