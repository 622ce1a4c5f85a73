import Tensors

/// A way to train a student, put together from parts: states × times × target × weighting, perhaps a second term of the same kind, and
/// an auxiliary network where a target compares distributions. Each method of the literature is a static value; a study may change any part
/// of it.
public struct Method: Hashable, Sendable {
    /// The name of the method whose parts these were before a study changed some.
    public let name: MethodName
    /// The network that the student begins as.
    public var start: Start
    /// The first term.
    public var main: Term
    /// A second term, on rows of its own; nil is none.
    public var secondTerm: SecondTerm?
    /// The share of rows whose class is withheld from the student, in [0, 1].
    public var labelDropout: Double
    /// The training of the auxiliary; nil where no target needs one.
    public var auxiliary: AuxiliaryTraining?
    /// The sampling of the student.
    public var sampling: MapSampling
    /// Guidance of the student by itself without a class while it is sampled: each step in its interval takes two
    /// evaluations. Nil is none, as for students that have learned guidance.
    public var samplingGuidance: Guidance?
    /// The parts of the student's network that the teacher's lacks.
    public var form: MapForm
    /// The draws that the terms share; this comes with the name, and no study changes it.
    let sharing: TermStreams.Sharing

    /// The networks that a student may begin as.
    public enum Start: String, Codable, Hashable, Sendable, CaseIterable {
        /// The teacher, with an embedder of durations.
        case teacher
        /// A network of the same shape with fresh weights.
        case untrained
    }

    /// A method from its parts.
    public init(
        _ name: MethodName, start: Start = .teacher, main: Term, secondTerm: SecondTerm? = nil,
        labelDropout: Double = 0,
        auxiliary: AuxiliaryTraining? = nil, sampling: MapSampling, form: MapForm = .plain
    ) {
        self.init(
            name, start: start, main: main, secondTerm: secondTerm, labelDropout: labelDropout, auxiliary: auxiliary,
            sampling: sampling, form: form, sharing: .nothing)
    }

    init(
        _ name: MethodName, start: Start = .teacher, main: Term, secondTerm: SecondTerm? = nil,
        labelDropout: Double = 0,
        auxiliary: AuxiliaryTraining? = nil, sampling: MapSampling, form: MapForm = .plain, sharing: TermStreams.Sharing
    ) {
        (self.name, self.start, self.main, self.secondTerm) = (name, start, main, secondTerm)
        (self.labelDropout, self.auxiliary, self.sampling) = (labelDropout, auxiliary, sampling)
        (self.form, self.sharing) = (form, sharing)
    }

    /// The terms that have rows, each with the key that a specification has it under, nil for the method's own.
    public var terms: [(key: String?, term: Term)] {
        guard let secondTerm else { return [(nil, main)] }
        return (secondTerm.share < 1 ? [(nil, main)] : []) + [("secondTerm", secondTerm.term)]
    }

    /// The rows of each term of a batch: at least one each.
    public func rows(of batch: Int) -> [Int] {
        guard let secondTerm, secondTerm.share < 1 else { return [batch] }
        let second = max(1, min(batch - 1, Int((secondTerm.share * Double(batch)).rounded())))
        return [batch - second, second]
    }
}

extension Method: Validated {
    /// - Throws: `Violation` with the key under the method's name.
    public func validate() throws(Violation) {
        do { try checkParts() } catch { throw error.under(name.rawValue) }
    }

    private func checkParts() throws(Violation) {
        try probability(labelDropout, "labelDropout")
        if let secondTerm {
            let parts = SecondTermParts.ChangedParts(secondTerm)
            do { try parts.validate() } catch { throw error.under("secondTerm") }
        }
        for (key, term) in terms {
            do {
                try term.validate()
                try checkGuidance(of: term)
            } catch {
                guard let key else { throw error }
                throw error.under(key)
            }
        }
        try checkHead()
        let needsAuxiliary = terms.contains { $0.term.target.levels != nil }
        try require(
            needsAuxiliary == (auxiliary != nil), "auxiliary", found: auxiliary == nil ? "none" : "one",
            allowed: needsAuxiliary
                ? "learningRateRatio and updates, as a target compares the distribution of the student's samples"
                : "none, as no target compares the distribution of the student's samples")
        let networks = terms.map(\.term.target.network).filter { $0 != .student }
        try require(
            networks.allSatisfy { $0 == networks.first }, "secondTerm.target", found: "another target network",
            allowed: "the same for both terms, or the student")
        try sampling.validate()
        try checkSampling()
        try checkSamplingGuidance()
    }
}
