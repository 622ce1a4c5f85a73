import Tensors

/// The result of a term for its rows: the gradient is that of Σ output · direction.
struct TermResult {
    /// x_t [n, d], where F is taken; constant to the gradient.
    let state: Tensor
    /// F [n, d], through which the gradient goes.
    let output: Tensor
    /// [n, d], constant to the gradient.
    var direction: Tensor
    /// The residual before its weighting, [n, d]: F − target, or a difference of velocities.
    let residual: Tensor
    /// The student's samples [n, d], of a target that compares their distribution; constant to the gradient.
    var samples: Tensor?
    /// The states [n, d] and times [n, 1] at which the output is the policy's velocity, one pair per place; only for
    /// imitation, constant to the gradient.
    var places: [(state: Tensor, time: Tensor)] = []
    /// ℓ of each row and its times t and s, [n, 1] each, where a weight is learned from them; constant to the gradient.
    var losses: (loss: Tensor, t: Tensor, s: Tensor)?
}

extension Term {
    /// The output and the direction for the rows, under the weight that is learned, if one is.
    func callAsFunction(_ rows: TermBatch, _ networks: TermNetworks) -> TermResult {
        var result = unweighted(rows, networks)
        guard let learned = weighting.learned else { return result }
        guard let weight = networks.weight else { preconditionFailure("a learned weight has a network") }
        let loss = weighting.loss(of: result.residual, result.direction)
        let copies = result.residual.shape[0] / rows.t.shape[0]
        func each(_ times: Tensor) -> Tensor { .concatenate((0..<copies).map { _ in times }) }
        let (t, s) = (each(rows.t), each(rows.s))
        result.direction = stopGradient(result.direction * learned.factor(weight(t, s), loss))
        result.losses = (loss, t, s)
        return result
    }

    private func unweighted(_ rows: TermBatch, _ networks: TermNetworks) -> TermResult {
        switch target {
        case .score(_, let weight): return score(rows, networks, weight)
        case .fisher(_, let weight, let alpha): return fisher(rows, networks, weight, alpha)
        case .moments(_, let solver, let group, let weight):
            return moments(rows, networks, solver, group: group, weight)
        case .imitation(let places, let substeps):
            return imitation(rows, networks, places: places, substeps: substeps)
        case .direct, .eulerian, .lagrangian, .secant, .semigroup, .consistency:
            let (state, output, residual) = residual(rows, networks)
            return TermResult(
                state: state, output: output,
                direction: weighting(residual, of: output, from: rows.t, to: rows.s, neighbour: rows.r),
                residual: stopGradient(residual))
        }
    }

    /// x_t, F and F − target of a target that is a regression, [n, d] each.
    private func residual(
        _ rows: TermBatch, _ networks: TermNetworks
    ) -> (state: Tensor, output: Tensor, residual: Tensor) {
        let (t, s, condition) = (rows.t, rows.s, rows.condition)
        func average(_ x: Tensor, _ t: Tensor, _ s: Tensor) -> Tensor {
            networks.student.averageVelocity(x, from: t, to: s, given: condition)
        }
        switch target {
        case .direct(let kind):
            let x = states.state(rows, at: t, networks)
            let output = average(x, t, s)
            return (x, output, output - velocity(kind, x, t, rows, networks))
        case .eulerian(let kind, let warmUp, let highest):
            let x = states.state(rows, at: t, networks)
            let tangent = stopGradient(velocity(kind, x, t, rows, networks))
            let result = jvp({ [average($0[0], $0[1], s)] }, at: [x, t], along: [tangent, .ones(t.shape)])
            let top = Tensor(highest ?? 1)
            let ramp = warmUp > 0 ? minimum(top, rows.progress / warmUp) : top
            return (x, result.values[0], result.values[0] - (tangent - ramp * (t - s) * result.tangents[0]))
        case .lagrangian(let kind, .jvp):
            let x = states.state(rows, at: t, networks)
            let (output, slope) = jvp({ average(x, t, $0) }, at: s, along: .ones(s.shape))
            let end = stopGradient(x + (s - t) * output)
            let generating = output - (t - s) * slope
            return (x, output, generating - velocity(kind, end, s, rows, networks))
        case .lagrangian(let kind, .differences):
            // The drawn times are the ends s < r of an interval; the velocity is evaluated at r.
            let x = states.state(rows, at: t, networks), r = rows.r
            let before = average(x, t, r), output = average(x, t, s)
            // At t = 0 the interval is a point; the smallest number only keeps 0 / 0 away.
            let generating = output + (t - r) * (output - before) / maximum(r - s, Tensor(1e-30))
            let start = stopGradient(x + (r - t) * before)
            return (x, output, generating - velocity(kind, start, r, rows, networks))
        case .secant(let kind, .interior):
            let x = states.state(rows, at: t, networks)
            let r = s + (t - s) * rows.fraction
            let inner = stopGradient(x + (r - t) * average(x, t, r))
            let output = average(x, t, s)
            return (x, output, output - velocity(kind, inner, r, rows, networks))
        case .secant(let kind, .end):
            let r = s + (t - s) * rows.fraction
            let inner = states.state(rows, at: r, networks)
            let x = stopGradient(inner + (t - r) * average(inner, r, t))
            let output = average(x, t, s)
            return (x, output, output - velocity(kind, inner, r, rows, networks))
        case .semigroup(let middle, _):
            let x = states.state(rows, at: t, networks)
            let share = middle == .half ? Tensor(0.5).broadcast(to: t.shape) : rows.fraction
            let m = s + (t - s) * share
            let first = networks.target.averageVelocity(x, from: t, to: m, given: condition)
            let second = networks.target.averageVelocity(x + (m - t) * first, from: m, to: s, given: condition)
            let output = average(x, t, s)
            return (x, output, output - ((1 - share) * first + share * second))
        case .consistency(_, let solver, _):
            let x = states.state(rows, at: t, networks)
            let neighbour = self.neighbour(of: x, rows, networks, solver)
            let end = networks.target(neighbour, from: rows.r, to: s, given: condition)
            let output = average(x, t, s)
            // Where t = s there is nothing to move; the smallest interval only keeps 0 / 0 away.
            return (x, output, output - (x - end) / maximum(t - s, Tensor(1e-6)))
        case .moments, .imitation, .score, .fisher: preconditionFailure("\(target) is no regression of F")
        }
    }

    /// The velocity in the target, [n, d].
    private func velocity(_ kind: Velocity, _ x: Tensor, _ t: Tensor, _ rows: TermBatch, _ networks: TermNetworks)
        -> Tensor
    {
        // A velocity that is learned under a duration, such as the shortest step of shortcut models, is guided under it too.
        let end = if case .direct = target { rows.s } else { t }
        func own(_ condition: Condition) -> Tensor {
            stopGradient(networks.student.averageVelocity(x, from: t, to: end, given: condition))
        }
        let plain: Tensor
        switch kind {
        case .teacher: return stopGradient(networks.teacher(x, at: t, given: rows.condition))
        case .student: plain = own(rows.condition)
        case .conditional:
            guard let sample = rows.sample else { preconditionFailure("\(states.name) has samples") }
            plain = Interpolant.velocity(data: sample, noise: rows.noise)
        }
        guard let guidance, guidance.isActive, !isGuidedAtStates(kind), let classless = rows.classless else {
            return stopGradient(plain)
        }
        let scale: Tensor
        switch guidance.scale {
        case .fixed(let value): scale = Tensor(value)
        case .drawn:
            guard let drawn = rows.condition.guidance else { preconditionFailure("no guidance scales were drawn") }
            scale = drawn
        }
        var guided = scale * plain + (1 - scale - (guidance.kappa ?? 0)) * own(classless)
        if let kappa = guidance.kappa, kappa != 0 { guided += kappa * own(rows.condition) }
        let outside = maximum(greater(Tensor(guidance.from), t), greater(t, Tensor(guidance.to)))
        // A row without a class has nothing to be guided to.
        let isWithheld = equal(rows.condition.labels!, classless.labels!).reshaped(to: t.shape)
        return stopGradient(select(maximum(outside, isWithheld).broadcast(to: x.shape), plain, guided))
    }

    /// The pairs of a conditional velocity come from a guided teacher, so that the velocity is not guided again.
    func isGuidedAtStates(_ kind: Velocity) -> Bool {
        if case .teacherSamples = states { kind == .conditional } else { false }
    }

    /// x_r, [n, d], constant to the gradient.
    func neighbour(of x: Tensor, _ rows: TermBatch, _ networks: TermNetworks, _ solver: NeighbourSolver) -> Tensor {
        let step = rows.r - rows.t
        switch solver {
        case .conditional: return states.state(rows, at: rows.r, networks)
        case .euler: return stopGradient(x + step * networks.teacher(x, at: rows.t, given: rows.condition))
        case .heun:
            let first = networks.teacher(x, at: rows.t, given: rows.condition)
            let second = networks.teacher(x + step * first, at: rows.r, given: rows.condition)
            return stopGradient(x + 0.5 * step * (first + second))
        }
    }
}
