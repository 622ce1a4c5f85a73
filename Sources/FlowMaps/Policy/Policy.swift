import Tensors

/// What one evaluation of a network leaves for a whole step from t to s: a velocity π(x, a) in closed form at all times a between,
/// asked without the network (arXiv 2510.14974).
public protocol Policy {
    /// The state [n, d] that the network saw, where the policy's path begins.
    var start: Tensor { get }
    /// t [n, 1], the time of the start.
    var time: Tensor { get }
    /// π: x [n, d], a [n, 1] at most t and above s → [n, d].
    func callAsFunction(_ x: Tensor, at a: Tensor) -> Tensor
}

extension Policy {
    /// The mean velocity [n, d] of the policy's path to s [n, 1], in steps of Euler's method of equal length.
    public func averageVelocity(to s: Tensor, substeps: Int) -> Tensor {
        let length = (s - time) / Double(substeps)
        var (x, sum) = (start, Tensor(0))
        for index in 0..<substeps {
            let velocity = self(x, at: time + Double(index) * length)
            sum += velocity
            if index + 1 < substeps { x = x + length * velocity }
        }
        return sum / Double(substeps)
    }

    /// The states [n, d] of that path at times [n, 1] each, between t and s: a step that leads past one of them is cut there.
    public func states(at times: [Tensor], to s: Tensor, substeps: Int) -> [Tensor] {
        let length = (s - time) / Double(substeps)
        var x = start
        var found = times.map { _ in start }
        for index in 0..<substeps {
            let from = time + Double(index) * length
            let velocity = self(x, at: from)
            for (place, a) in times.enumerated() {
                // Each later step that begins before a takes the place of the one before it.
                let hasBegun = 1 - greater(a, from)
                found[place] = select(hasBegun.broadcast(to: x.shape), x + (a - from) * velocity, found[place])
            }
            x = x + length * velocity
        }
        return found
    }
}

/// A flow map whose network gives a policy: f(x, t, s) is the end of the policy's path.
public protocol PolicyMap: FlowMap {
    /// Steps of Euler's method that one evaluation of the network is sampled in.
    var substeps: Int { get }
    /// The policy for the step from t to s: x [n, d], t and s [n, 1].
    func policy(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> any Policy
}
