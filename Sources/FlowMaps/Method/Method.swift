import Engine

/// A way to train a student, put together from parts: states × times × target × weighting, perhaps a second such objective beside
/// it, and an auxiliary network where a target compares laws. Each method of the literature is a named one of these, of which a
/// study may change any part.
public struct Method: Hashable, Sendable {
    public let name: MethodName
    /// What the student begins as.
    public var start: Start
    public var main: Term
    /// A second objective, on rows of its own.
    public var beside: Beside?
    /// The share of rows whose class is withheld from the student, in [0, 1].
    public var labelDropout: Double
    /// How the auxiliary is trained; nil where no target needs one.
    public var auxiliary: Correction.Auxiliary?
    /// How the student is sampled.
    public var sampling: MapSampling
    /// Of the student while it is sampled, by itself without a class: each step in its interval is two evaluations. Absent is none, as
    /// of students that have learned guidance.
    public var samplingGuidance: Guidance?
    /// What the student's network has beside the teacher's.
    public var form: MapForm

    public enum Start: String, Codable, Hashable, Sendable, CaseIterable {
        /// As the teacher, with an embedder for durations.
        case teacher
        /// As a network of the same shape that has seen nothing.
        case untrained
    }

    /// A second objective.
    public struct Beside: Codable, Hashable, Sendable {
        /// Of the rows of a batch, in (0, 1).
        public var share: Double
        /// The factor of its gradient beside the first's.
        public var weight: Double
        public var term: Term

        public init(share: Double, weight: Double = 1, term: Term) {
            (self.share, self.weight, self.term) = (share, weight, term)
        }
    }

    public init(
        _ name: MethodName, start: Start = .teacher, main: Term, beside: Beside? = nil, labelDropout: Double = 0,
        auxiliary: Correction.Auxiliary? = nil, sampling: MapSampling, form: MapForm = .plain
    ) {
        (self.name, self.start, self.main, self.beside) = (name, start, main, beside)
        (self.labelDropout, self.auxiliary, self.sampling) = (labelDropout, auxiliary, sampling)
        self.form = form
    }

    /// The objectives, each with what a spec calls it.
    var terms: [(key: String?, term: Term)] { [(nil, main)] + (beside.map { [("beside", $0.term)] } ?? []) }

    /// Whether no sample of the data set is seen.
    public var isDataFree: Bool { terms.allSatisfy { $0.term.states.isDataFree } }

    /// Whether no row has a time below 1: such a student is sampled in one step.
    var setsOutFromNoiseAlone: Bool {
        terms.allSatisfy { $0.term.states == .prior || $0.term.times.beginAtNoise }
    }

    /// Whether the teacher is asked while the student trains.
    public var asksTeacher: Bool {
        terms.contains { _, term in
            if case .teacherSamples = term.states { return true }
            if case .teacherPath = term.states { return true }
            return term.target.asksTeacher
        }
    }

    /// The network that targets are computed with, where it is not the student.
    var targetNetwork: TargetNetwork { terms.map(\.term.target.network).first { $0 != .student } ?? .student }
}

extension Method: Validated {
    public func validate() throws(Violation) {
        try probability(labelDropout, "labelDropout")
        for (key, term) in terms {
            do {
                try term.validate()
                try checkGuidance(of: term)
            } catch {
                throw Violation(
                    key: [key, error.key].compactMap { $0 }.joined(separator: "."), found: error.found,
                    allowed: error.allowed)
            }
        }
        try checkHead()
        if let beside {
            try require(
                beside.share > 0 && beside.share < 1, "beside.share", found: beside.share,
                allowed: "more than 0 and less than 1, or 0 alone for nothing beside")
            try require(beside.weight, "beside.weight", in: 0...)
        }
        let needsAuxiliary = terms.contains { $0.term.target.levels != nil }
        try require(
            needsAuxiliary == (auxiliary != nil), "auxiliary", found: auxiliary == nil ? "none" : "one",
            allowed: needsAuxiliary
                ? "rate and updates, as a target compares the law of the student's samples"
                : "none, as no target compares the law of the student's samples")
        let networks = terms.map(\.term.target.network).filter { $0 != .student }
        try require(
            networks.allSatisfy { $0 == networks.first }, "beside.target", found: "another target network",
            allowed: "the same for both objectives, or the student")
        try sampling.validate()
        try checkSampling()
        try checkSamplingGuidance()
    }
}
