import Tensors

/// Targets that compare the distribution of the student's samples x₀ = f(x_t, t, 0) with the teacher's. A gradient g by x₀ is one of
/// (s − t) g by F.
extension Term {
    /// (v_ψ − u)(x_r, r) at noised samples, of the gradient of ∫ w KL (arXiv 2305.18455, 2311.18828).
    func score(_ rows: TermBatch, _ networks: TermNetworks, _ weight: ScoreWeight) -> TermResult {
        let (x, output, samples) = generated(rows, networks)
        let (state, auxiliary, teacher) = velocities(of: samples, rows, networks)
        let gap = (rows.t - rows.s) * weight(rows.level, state, samples, teacher) * (auxiliary - teacher)
        return result(x, output, gap, rows, samples)
    }

    /// The gradient of w 2 (u − v_ψ) · ((u − (n − x₀)) − α (u − v_ψ)) through the inputs of both. With v_ψ the velocity of the
    /// student's samples and α = ½ that is the gradient of E w ‖u − v_ψ‖² (arXiv 2410.19310; arXiv 2404.04057 takes more than ½).
    func fisher(
        _ rows: TermBatch, _ networks: TermNetworks, _ weight: ScoreWeight, _ alpha: Double
    ) -> TermResult {
        let (x, output, samples) = generated(rows, networks)
        let slope = gradient(
            of: { samples in
                let (state, auxiliary, teacher) = velocities(of: samples, rows, networks)
                let factor = stopGradient(weight(rows.level, state, samples, teacher))
                // Denoisers, of which there is one more factor here than in a score, differ by r (u − v).
                let scale = weight.isOfDenoisers ? factor * rows.level : factor
                let gap = teacher - auxiliary
                let target = teacher - Interpolant.velocity(data: samples, noise: rows.renoise)
                return 2 * (scale * gap * (target - alpha * gap)).sum()
            }, at: samples)
        return result(x, output, (rows.s - rows.t) * slope, rows, samples)
    }

    /// x_t, F and the samples that it leads to, [n, d] each.
    private func generated(
        _ rows: TermBatch, _ networks: TermNetworks
    ) -> (state: Tensor, output: Tensor, samples: Tensor) {
        let x = states.state(rows, at: rows.t, networks)
        let output = networks.student.averageVelocity(x, from: rows.t, to: rows.s, given: rows.condition)
        return (x, output, stopGradient(x + (rows.s - rows.t) * output))
    }

    /// The noised samples, and both velocities there.
    private func velocities(
        of samples: Tensor, _ rows: TermBatch, _ networks: TermNetworks
    ) -> (state: Tensor, auxiliary: Tensor, teacher: Tensor) {
        guard let auxiliary = networks.auxiliary else { preconditionFailure("a score needs an auxiliary network") }
        let state = Interpolant.state(data: samples, noise: rows.renoise, at: rows.level)
        return (
            state, auxiliary(state, at: rows.level, given: rows.condition),
            networks.teacher(state, at: rows.level, given: rows.condition)
        )
    }

    private func result(
        _ x: Tensor, _ output: Tensor, _ gap: Tensor, _ rows: TermBatch, _ samples: Tensor
    ) -> TermResult {
        TermResult(
            state: x, output: output,
            direction: weighting(gap, of: output, from: rows.t, to: rows.s, neighbour: rows.r),
            residual: stopGradient(gap), samples: samples)
    }
}

extension ScoreWeight {
    /// The factor of v_ψ − u, [n, 1] or a scalar.
    fileprivate func callAsFunction(_ level: Tensor, _ state: Tensor, _ samples: Tensor, _ teacher: Tensor) -> Tensor {
        switch self {
        case .velocity: return Tensor(1)
        case .denoiser: return level
        case .trigFlow: return sqrt(square(1 - level) + square(level))
        case .normalised:
            let made = Interpolant.data(from: state, velocity: teacher, at: level)
            // Far below any distance between samples, so that it only keeps 0 / 0 away.
            return level / (abs(samples - made).mean([1], keepingAxes: true) + 1e-6)
        }
    }
}

extension Term {
    /// The squared mean discrepancy within groups of M rows between f(x_t, t, s) and f(x_r, r, s), the second constant, of the kernel
    /// exp(−‖a − b‖ / (d (t − s))) (arXiv 2503.07565, Algorithm 3).
    func moments(
        _ rows: TermBatch, _ networks: TermNetworks, _ solver: NeighbourSolver, group: Int, _ weight: MomentWeight
    ) -> TermResult {
        let x = states.state(rows, at: rows.t, networks)
        let output = networks.student.averageVelocity(x, from: rows.t, to: rows.s, given: rows.condition)
        let moved = stopGradient(x + (rows.s - rows.t) * output)
        let other = stopGradient(
            networks.student(
                neighbour(of: x, rows, networks, solver), from: rows.r, to: rows.s, given: rows.condition))
        let dimension = x.shape[1], groups = x.shape[0] / group
        // The times of a group are those of its first row.
        func ofGroups(_ column: Tensor) -> Tensor {
            column.reshaped(to: [groups, group, 1]).slice(0..<1, axis: 1)
        }
        let width = Double(dimension) * maximum(ofGroups(rows.t - rows.s), Tensor(1e-6))
        let slope = gradient(
            of: { moved in
                let inside = kernel(moved, moved, groups, group, width)
                let across = kernel(moved, other, groups, group, width)
                let factor = ofGroups(weight(rows.t)) / Double(group * group)
                return (factor * (inside - 2 * across)).sum()
            }, at: moved)
        let gap = (rows.s - rows.t) * slope
        return TermResult(
            state: x, output: output,
            direction: weighting(gap, of: output, from: rows.t, to: rows.s, neighbour: rows.r),
            residual: stopGradient(gap))
    }

    /// The kernel between all rows a and all rows b of each group: [groups, M, M].
    private func kernel(_ a: Tensor, _ b: Tensor, _ groups: Int, _ group: Int, _ width: Tensor) -> Tensor {
        let dimension = a.shape[1]
        let left = a.reshaped(to: [groups, group, 1, dimension]), right = b.reshaped(to: [groups, 1, group, dimension])
        // A row's distance from itself is 0, where the root has no derivative.
        let distance = sqrt(maximum(square(left - right).sum([3]), Tensor(1e-16)))
        return exp(-distance / width)
    }
}
