import Tensors

extension Term {
    /// The student's policy at places of its own path, moved towards the teacher's velocity there: π(x_a, a) → u(x_a, a), x_a the state
    /// that the policy leads to, constant to the gradient (arXiv 2510.14974). The residual is 0 exactly when the path is the
    /// teacher's, up to the steps that it is followed in.
    ///
    /// The rows of the result are those of the first place, then those of the second, and so on; each place has an equal part of the
    /// step, and lies anywhere in it but in the last of the steps that a sample is made in.
    func imitation(_ rows: TermBatch, _ networks: TermNetworks, places: Int, substeps: Int) -> TermResult {
        guard let student = networks.student as? any PolicyMap else {
            preconditionFailure("imitation is of a student whose network gives a policy")
        }
        let (t, s) = (rows.t, rows.s)
        let x = states.state(rows, at: t, networks)
        let policy = student.policy(x, from: t, to: s, given: rows.condition)
        let last = 1 - 1 / Double(student.substeps)
        let times = (0..<places).map { t + (s - t) * (last / Double(places) * (rows.fraction + Double($0))) }
        let inner = policy.states(at: times, to: s, substeps: substeps).map(stopGradient)
        let output = Tensor.concatenate(zip(inner, times).map { policy($0, at: $1) })
        let teacher = Tensor.concatenate(
            zip(inner, times).map { networks.teacher($0, at: $1, given: rows.condition) })
        let residual = stopGradient(output - teacher)
        func each(_ times: Tensor) -> Tensor { .concatenate((0..<places).map { _ in times }) }
        let direction = weighting(residual, of: output, from: each(t), to: each(s), neighbour: each(rows.r))
        return TermResult(
            state: x, output: output, direction: direction / Double(places), residual: residual,
            places: zip(inner, times).map { ($0, $1) })
    }
}
