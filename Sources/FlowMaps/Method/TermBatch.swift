import Tensors

/// The networks that a term is computed with.
struct TermNetworks {
    /// The student, through which the gradient goes.
    let student: any FlowMap
    /// The student that a target is computed with.
    let target: any FlowMap
    /// The teacher under the term's guidance.
    var teacher: any VelocityField
    /// The velocity of the student's samples; nil where no target needs it.
    let auxiliary: (any VelocityField)?
    /// Of a term whose weight is learned.
    var weight: TimeWeightNetwork?
}

/// The rows of a batch that a term has at one step: what was drawn for them.
struct TermBatch {
    /// [n, 1] each, and r the time of the neighbour, or where a difference's interval begins.
    var t, s, r: Tensor
    /// x [n, d], of a source that has pairs.
    let sample: Tensor?
    /// n [n, d], or z where the states come from the prior.
    let noise: Tensor
    let condition: Condition
    /// The same rows without a class; nil without classes.
    let classless: Condition?
    /// ρ [n, 1], uniform.
    let fraction: Tensor
    /// The noise level [n, 1] and noise [n, d] of a target that noises the student's samples.
    let level, renoise: Tensor
    /// The share of the training that is over, a scalar in [0, 1).
    let progress: Tensor
}

extension StateSource {
    /// The states of the rows at a time: [n, d], constant to the gradient.
    func state(_ rows: TermBatch, at t: Tensor, _ networks: TermNetworks) -> Tensor {
        switch self {
        case .prior: return rows.noise
        case .data, .teacherSamples, .studentSamples:
            guard let sample = rows.sample else { preconditionFailure("\(name) has samples") }
            return stopGradient(Interpolant.state(data: sample, noise: rows.noise, at: t))
        case .studentPath:
            return stopGradient(networks.student(rows.noise, from: .ones(t.shape), to: t, given: rows.condition))
        case .teacherPath(let sampler):
            return stopGradient(sampler.path(of: networks.teacher, noise: rows.noise, to: t, given: rows.condition))
        }
    }
}

extension Sampler {
    /// The state at a time t [n, 1] of each row's own: as many steps of equal length as a sampler has, from 1 to t, within a program.
    func path(of field: any VelocityField, noise: Tensor, to t: Tensor, given condition: Condition) -> Tensor {
        let length = (t - 1) / Double(steps)
        return (0..<steps).reduce(noise) { x, index in
            let time = 1 + Double(index) * length
            let first = field(x, at: time, given: condition)
            switch self {
            case .euler: return x + length * first
            case .heun:
                return x + 0.5 * length * (first + field(x + length * first, at: time + length, given: condition))
            case .adaptive, .sde: preconditionFailure("a path to a time of each row's own takes euler or heun")
            }
        }
    }
}
