/// Combinations of parts that are refused, each with the reason and with what would fit.
extension Method {
    /// Refuses guidance that affects no velocity of the term, or whose weaker velocity does not exist.
    func checkGuidance(of term: Term) throws(Violation) {
        guard let guidance = term.guidance, guidance.isActive else { return }
        try require(
            term.looksAtGuidance, "guidance", found: "scale \(guidance.scale)",
            allowed: "none, as \(term.target.name) asks no velocity that could be guided at states from "
                + "\(term.states.name); teacherSamples and teacherPath are made by a guided teacher, and "
                + "samplingGuidance is the student's own while it is sampled")
        try require(
            (guidance.kappa ?? 0) == 0 || term.target.velocity == .conditional && term.isGuidedByStudent,
            "guidance.kappa", found: guidance.kappa ?? 0,
            allowed: "0 or none, as only a conditional velocity is mixed with the student's own under the class")
        guard term.isGuidedByStudent else { return }
        // Guided again, it would lead away from where it leads: students trained so diverge.
        try require(
            term.target.velocity != .student || !teachesGuidedVelocity, "guidance", found: "scale \(guidance.scale)",
            allowed: "none, as the velocity is the student's own, which secondTerm.guidance guides already")
        try checkSelfGuidance(guidance, "guidance", without: "scale 1")
    }

    /// Refuses guidance of a student by itself that it cannot give.
    private func checkSelfGuidance(_ guidance: Guidance, _ key: String, without none: String) throws(Violation) {
        try require(
            guidance.by != .weakTeacher, "\(key).by", found: "weakTeacher",
            allowed: "unconditional, as the velocity is no teacher's and is guided by the student itself")
        try require(
            labelDropout > 0, key, found: "scale \(guidance.scale)",
            allowed: "\(none), or labelDropout above 0, as the student itself has to know what no class is")
    }

    /// The second term teaches the student's own velocity under guidance.
    private var teachesGuidedVelocity: Bool {
        guard let term = secondTerm?.term, case .direct = term.target else { return false }
        return term.guidance?.isActive == true
    }

    /// Refuses guidance of a student that cannot guide itself while it is sampled.
    func checkSamplingGuidance() throws(Violation) {
        guard let guidance = samplingGuidance else { return }
        do { try guidance.validate() } catch { throw error.under("samplingGuidance") }
        try require(
            (guidance.kappa ?? 0) == 0, "samplingGuidance.kappa", found: guidance.kappa ?? 0,
            allowed: "0 or none, as nothing but the student's own is guided")
        try require(
            guidance.scale != .drawn, "samplingGuidance.scale", found: "drawn", allowed: "a number, one for all samples"
        )
        try checkSelfGuidance(guidance, "samplingGuidance", without: "none")
        try require(
            form.head == .velocity, "samplingGuidance", found: "scale \(guidance.scale)",
            allowed: "none, as head is \(form.head.name) and the policies of two conditions cannot be put together")
    }

    /// Refuses a target that the network's head cannot have.
    func checkHead() throws(Violation) {
        for (key, term) in terms {
            let place = [key, "target"].compactMap { $0 }.joined(separator: ".")
            if term.target.isOfPolicy {
                try require(
                    form.head != .velocity, "head", found: "velocity",
                    allowed: "mixture or grid, as \(place) is imitation, of a network that gives a policy")
            } else {
                try require(
                    form.head == .velocity, place, found: term.target.name,
                    allowed: "imitation, as head is \(form.head.name) and the network gives a policy; or head: velocity"
                )
            }
        }
    }

    /// Refuses to sample a student where it has learned nothing.
    func checkSampling() throws(Violation) {
        let isDiagonal = terms.allSatisfy { _, term in
            if case .diagonal = term.times { term.states != .prior } else { false }
        }
        try require(
            !isDiagonal || sampling == .velocity, "sampling", found: sampling.name,
            allowed: "velocity, as the student learns at s = t alone and was never asked for a step")
        try require(
            form.head == .velocity || sampling != .velocity, "sampling", found: "velocity",
            allowed: "map, restart or gamma, as the network gives a policy for a whole step")
    }
}

extension Term {
    /// Some velocity of the term is a teacher's, or can be guided by the student itself.
    fileprivate var looksAtGuidance: Bool {
        switch states {
        case .teacherSamples, .teacherPath: return true
        case .prior, .data, .studentPath, .studentSamples: return target.velocity != nil || target.evaluatesTeacher
        }
    }

    /// The guidance is that of the student by itself.
    fileprivate var isGuidedByStudent: Bool {
        guard let velocity = target.velocity, velocity != .teacher else { return false }
        return !isGuidedAtStates(velocity)
    }
}

extension MapSampling {
    /// The name of the sampling in a specification.
    var name: String {
        switch self {
        case .map: "map"
        case .restart: "restart"
        case .gamma: "gamma"
        case .velocity: "velocity"
        }
    }
}
