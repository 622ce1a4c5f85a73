import Tensors

/// The policy of a grid of samples (DX policy, arXiv 2510.14974): the sample at time 0 is x_τ − τ m_i at evenly spaced times of the
/// step from τ = t to s, and lies on straight lines between; π(x, a) = (x − sample(a)) / a. So π(x_τ, τ) = m_1.
///
/// It is the velocity itself along any one path on which the denoised sample is such a broken line in time.
public struct GridPolicy: Policy {
    public let start: Tensor
    public let time: Tensor
    /// s [n, 1].
    private let end: Tensor
    /// m [n, points, d].
    private let velocities: Tensor

    /// - Parameters:
    ///   - start, time, end: x_τ [n, d], τ and s [n, 1].
    ///   - velocities: m, [n, points, d].
    public init(start: Tensor, time: Tensor, end: Tensor, velocities: Tensor) {
        precondition(velocities.shape[2] == start.shape[1], "velocities \(velocities.shape) at states \(start.shape)")
        (self.start, self.time, self.end, self.velocities) = (start, time, end, velocities)
    }

    public func callAsFunction(_ x: Tensor, at a: Tensor) -> Tensor {
        let points = velocities.shape[1], count = start.shape[0]
        let length = maximum(time - end, Tensor(1e-6))
        // 0 at the first point, points − 1 at the last; a point counts as far as it is nearer than its neighbour.
        let position = ((time - a) / length * Double(points - 1)).reshaped(to: [count, 1, 1])
        let places = Tensor((0..<points).map(Float.init), shape: [1, points, 1])
        let mean = (maximum(1 - abs(position - places), Tensor(0)) * velocities).sum([1])
        return (x - start + time * mean) / maximum(a, Tensor(1e-6))
    }
}
