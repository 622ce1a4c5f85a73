import FlowMaps

/// The evaluation of a student.
public struct Evaluation: Codable, Hashable, Sendable, Validated {
    /// The number of samples per measurement, of student and teacher alike.
    public let samples: Int
    /// How their classes are chosen; nil is evenly.
    public let classes: EvaluationClasses?
    /// The number of measurements over a training, evenly spaced; the last is at its end.
    public let measurements: Int
    /// The sampling of the teacher that students are compared with.
    public let teacher: TeacherSampling
    /// The feature space of metrics such as the Fréchet distance.
    public let features: Features
    /// The metrics, in this order; nil is all that the data and the features allow.
    public let metrics: [EvaluationMetric]?
    /// The number of projections of the sliced Wasserstein distance.
    public let projections: Int
    /// The number of samples saved in the record and drawn in grids, from the same noise in every run.
    public let savedSamples: Int
    /// The number of samples of each measurement that the record keeps too, at most `savedSamples`; nil is none.
    public let sampleSnapshots: Int?
    /// The number of noises whose trajectories to data the record keeps, the teacher's and the student's, in the
    /// plane; nil is none.
    public let trajectories: Int?
    /// The guidance scale γ that the student is conditioned on; required where it is trained for a distribution of
    /// scales, else absent.
    public let guidanceScale: Double?
    /// The numbers of steps that the student is sampled in, by its method's sampling, each evaluated separately:
    /// rising from 1. Nil is 1 alone.
    public let steps: [Int]?
    /// Inference-time search with the student; nil is none.
    public let search: EvaluationSearch?
    /// The device on which samples are computed, of students and of their teacher; nil leaves it to whoever runs the study.
    public let device: Device?

    /// The sampling of the teacher.
    public struct TeacherSampling: Codable, Hashable, Sendable {
        /// The sampler.
        public let sampler: Sampler
        /// The guidance; nil is none.
        public let guidance: Guidance?

        /// A sampler with its guidance.
        public init(sampler: Sampler, guidance: Guidance?) { (self.sampler, self.guidance) = (sampler, guidance) }
    }

    /// The feature spaces.
    public enum Features: Hashable, Sendable {
        /// The samples themselves.
        case coordinates
        /// The features of a classifier trained on the data set.
        case classifier(Classifier.Training)
        /// The features that a program answers.
        case plugIn(PlugIn)
    }

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, RenamedKeys {
        case samples, classes, measurements, teacher, features, metrics, projections, savedSamples, sampleSnapshots
        case trajectories, guidanceScale, steps, search, device

        /// Keys that are gone, each with the new one.
        public static let renamed = [
            "kept": "savedSamples", "keptOverTraining": "sampleSnapshots", "directions": "projections",
            "scale": "guidanceScale",
        ]
    }

    /// An evaluation from its settings.
    public init(
        samples: Int, classes: EvaluationClasses? = nil, measurements: Int, teacher: TeacherSampling,
        features: Features,
        metrics: [EvaluationMetric]? = nil,
        projections: Int, savedSamples: Int, sampleSnapshots: Int? = nil, trajectories: Int? = nil,
        guidanceScale: Double? = nil,
        steps: [Int]? = nil, search: EvaluationSearch? = nil, device: Device? = nil
    ) {
        (self.samples, self.classes, self.measurements, self.teacher) = (samples, classes, measurements, teacher)
        (self.features, self.metrics, self.projections) = (features, metrics, projections)
        (self.savedSamples, self.guidanceScale, self.steps, self.search) = (savedSamples, guidanceScale, steps, search)
        (self.sampleSnapshots, self.trajectories, self.device) = (sampleSnapshots, trajectories, device)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(samples, "samples", atLeast: 2, atMost: Most.samples)
        try require(measurements, "measurements", atLeast: 1, atMost: Most.measurements)
        try require(projections, "projections", atLeast: 1, atMost: Most.projections)
        try require(savedSamples, "savedSamples", in: 0...samples)
        try validateScores()
        if let guidanceScale { try require(guidanceScale, "guidanceScale", atLeast: 0, atMost: Most.guidance) }
        if let steps {
            let isRising = zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }
            try require(
                steps.count > 1 && steps[0] == 1 && isRising && steps.last! <= Self.mostSteps, "steps",
                found: "[\(steps.map(String.init).joined(separator: ", "))]",
                allowed:
                    "nothing, which is 1 step, or numbers that rise from 1 to at most \(Self.mostSteps), such as [1, 2, 4, 8]"
            )
        }
        if let search {
            try require(
                !teacher.sampler.isStochastic, "search", found: "a search beside a teacher's sampler sde",
                allowed: "nothing, or another sampler: noises are compared by what the teacher makes of them")
            do { try search.search.validate(under: teacher.guidance) } catch { throw error.under("search") }
        }
        if let sampleSnapshots {
            try require(
                measurements > 1, "sampleSnapshots", found: "1 measurement", allowed: "at least 2 measurements")
            try require(
                savedSamples > 0, "sampleSnapshots", found: sampleSnapshots, allowed: "nothing, as 'savedSamples' is 0"
            )
            try require(sampleSnapshots, "sampleSnapshots", in: 1...savedSamples)
        }
        if let trajectories { try require(trajectories, "trajectories", in: 1...min(samples, Self.mostDriftSamples)) }
    }

    /// Points of the curve of the drift, and the most samples that it is over.
    package static let driftDurations = 8
    package static let mostDriftSamples = 1024

    /// The largest number of steps of few-step sampling; all are traced as one program.
    private static let mostSteps = 128

    /// The teacher that students are compared with is guided away from a weak one.
    var isWeaklyGuided: Bool { teacher.guidance.map { $0.isActive && $0.by == .weakTeacher } ?? false }

    /// The steps at which a training of so many steps is measured.
    package func measuredSteps(of steps: Int) -> [Int] {
        // A student that is not trained is measured once.
        guard steps > 0 else { return [0] }
        let count = min(measurements, steps)
        return (1...count).map { $0 * steps / count }
    }
}
