import FlowMaps

/// Every number that decides a run: what a study's `base` says, with the values of one point of its sweep in it.
public struct RunSpecification: Codable, Hashable, Sendable, Validated {
    public private(set) var data: DatasetSource
    public let teacher: TeacherSource
    /// Another teacher, worse in the same way, that guidance leads away from; only where some guidance does.
    public let weakTeacher: TeacherSource?
    public let student: Distillation
    public let evaluation: Evaluation
    /// Of the student's training.
    public let seed: Int
    /// Of what runs share: the teacher, the features, and the noise that students are evaluated from.
    public let sharedSeed: Int

    public init(
        data: DatasetSource, teacher: TeacherSource, weakTeacher: TeacherSource? = nil, student: Distillation,
        evaluation: Evaluation, seed: Int, sharedSeed: Int
    ) {
        (self.data, self.teacher, self.weakTeacher, self.student) = (data, teacher, weakTeacher, student)
        (self.evaluation, self.seed, self.sharedSeed) = (evaluation, seed, sharedSeed)
    }

    public func validate() throws(Violation) {
        try require(seed, "seed", in: 0...)
        try require(sharedSeed, "sharedSeed", in: 0...)
        if case .freeflow(prediction: _?, correction: _?) = student.objective {
            try require(student.optimization.batch, "student.optimization.batch", in: 2...)
        }
        // The rest is asked once somebody has looked at the data.
        if data.hasKnownShape { try checkData() }
    }

    /// The same run on data whose files were looked at.
    func on(_ data: DatasetSource) -> RunSpecification {
        var copy = self
        copy.data = data
        return copy
    }

    private func checkData() throws(Violation) {
        try checkTeacher(teacher, "teacher")
        if let weakTeacher {
            try require(
                !weakTeacher.isExact, "weakTeacher", found: "exact",
                allowed: "a teacher that is trained or in a file: none is worse than the law itself")
            try checkTeacher(weakTeacher, "weakTeacher")
        }
        try checkGuidance()
        try checkScales()
        try checkMethod()
        try checkAugmentation()
        try checkAverage(student.optimization, "student.optimization")
        if case .classifier(let training) = evaluation.features {
            try require(
                data.classCount > 0, "evaluation.features", found: "classifier",
                allowed: "coordinates, as the data have no classes")
            try checkClassifier(training, "evaluation.features.classifier")
        }
        try checkMetrics()
        try checkSearch()
    }

    private func checkMetrics() throws(Violation) {
        let sampler = evaluation.teacher.sampler
        let applicable = Metric.applicable(to: data, classifier: evaluation.hasClassifier, sampler: sampler)
        for metric in evaluation.metrics ?? [] {
            try require(
                !sampler.isStochastic || !metric.comparesPairs, "evaluation.metrics", found: metric.rawValue,
                allowed: "with sde none from the same noise, of which it makes other samples each time")
            try require(
                applicable.contains(metric), "evaluation.metrics", found: metric.rawValue,
                allowed: "for these data and features: \(applicable.map(\.rawValue).joined(separator: ", "))")
        }
        if evaluation.trajectories != nil {
            try require(
                data.dimension == 2 && data.image == nil, "evaluation.trajectories", found: "data outside the plane",
                allowed: "nothing, as only ways in the plane can be drawn")
            try require(
                (evaluation.metrics ?? applicable).contains(.drift), "evaluation.trajectories",
                found: "metrics without drift", allowed: "with drift, at whose durations the ways are known")
        }
    }

    /// A method has rows for its objectives, a network that its form fits, and withholds classes where there are some.
    private func checkMethod() throws(Violation) {
        guard case .method(let method) = student.objective else { return }
        let place = "student.objective.\(method.name.rawValue)"
        try checkRows(method)
        try require(
            method.labelDropout == 0 || data.classCount > 0, "\(place).labelDropout", found: method.labelDropout,
            allowed: "0, as the data have no classes")
        if let shape = teacher.knownNetwork {
            do { try method.form.validate(for: shape) } catch { throw error.under(place) }
        }
    }

    private func checkAugmentation() throws(Violation) {
        switch student.objective {
        case .meanFlow(.data(let augmentation), _, _, _):
            try checkAugmentation(
                augmentation, "student.objective.meanFlow.states.data.augmentation", batch: student.optimization.batch)
        case .method(let method):
            for case (let key, let part) in method.written {
                guard case .data(let augmentation) = part.states else { continue }
                try checkAugmentation(
                    augmentation, "\(key).states.data.augmentation", batch: student.optimization.batch)
            }
        case .freeflow, .meanFlow: break
        }
    }

    /// A batch has rows for each objective, and whole groups of them.
    private func checkRows(_ method: Method) throws(Violation) {
        let key = "student.optimization.batch", batch = student.optimization.batch
        if method.beside != nil { try require(batch, key, in: 2...) }
        for (rows, part) in zip(method.rows(of: batch), method.written) {
            let group = part.1.target.group
            try require(
                rows.isMultiple(of: group), key, found: batch,
                allowed: "a batch of which \(part.0) has a multiple of \(group) rows, not \(rows)")
        }
    }

    func checkAugmentation(
        _ augmentation: Augmentation, _ key: String, batch: Int
    ) throws(Violation) {
        let largest = Augmentation.mostNumbers / data.dimension
        try require(
            batch <= largest || augmentation.kinds.isEmpty, "\(key).kinds",
            found: "a batch of \(batch) samples of \(data.dimension) numbers",
            allowed: "an empty list, or a batch of at most \(largest)")
        try require(
            data.image != nil || augmentation.kinds.isEmpty, "\(key).kinds",
            found: augmentation.kinds.map(\.rawValue).joined(separator: ", "),
            allowed: "an empty list, as the data are no images")
    }
}

/// How a student is judged.
public struct Evaluation: Codable, Hashable, Sendable, Validated {
    /// Samples a measurement, of student and teacher alike.
    public let samples: Int
    /// Measurements over a training, evenly spaced; the last is at its end.
    public let measurements: Int
    /// How the teacher is sampled that students are compared with.
    public let teacher: TeacherSampling
    /// What the Fréchet distance is taken on.
    public let features: Features
    /// What is measured, in this order; absent is all that the data and the features allow.
    public let metrics: [Metric]?
    /// Directions of the sliced Wasserstein distance.
    public let directions: Int
    /// Samples kept in the record and drawn in grids, the same noise in every run.
    public let kept: Int
    /// Samples of each measurement that the record keeps too, at most `kept`; absent is none.
    public let keptOverTraining: Int?
    /// Noises whose ways from noise to data the record keeps, the teacher's and the student's, in the plane; absent is none.
    public let trajectories: Int?
    /// The guidance scale γ that the student is asked for; only where it is told one, and then needed.
    public let scale: Double?
    /// The numbers of steps that the student's samples are made in, by the sampling of its method, each judged by itself: rising
    /// from 1. Absent is 1 alone.
    public let steps: [Int]?
    /// Inference-time search with the student; absent is none.
    public let search: Search?

    public struct TeacherSampling: Codable, Hashable, Sendable {
        public let sampler: Sampler
        /// Absent is none.
        public let guidance: Guidance?

        public init(sampler: Sampler, guidance: Guidance?) { (self.sampler, self.guidance) = (sampler, guidance) }
    }

    public enum Features: Codable, Hashable, Sendable {
        /// The samples themselves.
        case coordinates
        /// The features of a classifier trained on the data set.
        case classifier(Classifier.Training)

        public enum CodingKeys: String, CodingKey, CaseIterable { case coordinates, classifier }
    }

    public init(
        samples: Int, measurements: Int, teacher: TeacherSampling, features: Features, metrics: [Metric]? = nil,
        directions: Int, kept: Int, keptOverTraining: Int? = nil, trajectories: Int? = nil, scale: Double? = nil,
        steps: [Int]? = nil, search: Search? = nil
    ) {
        (self.samples, self.measurements, self.teacher) = (samples, measurements, teacher)
        (self.features, self.metrics, self.directions) = (features, metrics, directions)
        (self.kept, self.scale, self.steps, self.search) = (kept, scale, steps, search)
        (self.keptOverTraining, self.trajectories) = (keptOverTraining, trajectories)
    }

    public func validate() throws(Violation) {
        try require(samples, "samples", in: 2...)
        try require(measurements, "measurements", in: 1...)
        try require(directions, "directions", in: 1...)
        try require(kept, "kept", in: 0...samples)
        if let metrics {
            try nonEmpty(metrics, "metrics")
            for (index, metric) in metrics.enumerated() {
                try require(
                    !metrics[..<index].contains(metric), "metrics", found: "\(metric.rawValue) again",
                    allowed: "each metric once")
            }
        }
        if let scale { try require(scale, "scale", in: 0...) }
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
            do { try search.validate(under: teacher.guidance) } catch { throw error.under("search") }
        }
        if let keptOverTraining {
            try require(
                measurements > 1, "keptOverTraining", found: "1 measurement", allowed: "at least 2 measurements")
            try require(kept > 0, "keptOverTraining", found: keptOverTraining, allowed: "nothing, as 'kept' is 0")
            try require(keptOverTraining, "keptOverTraining", in: 1...kept)
        }
        if let trajectories { try require(trajectories, "trajectories", in: 1...min(samples, TeacherPath.mostSamples)) }
    }

    /// More steps are no few-step sampling; all are traced as one program.
    private static let mostSteps = 128

    /// Whether features are a classifier's.
    var hasClassifier: Bool { if case .classifier = features { true } else { false } }

    /// The steps at which a training of so many steps is measured.
    func measuredSteps(of steps: Int) -> [Int] {
        let count = min(measurements, steps)
        return (1...count).map { $0 * steps / count }
    }
}

extension RunSpecification {
    /// The numbers of steps that the student is sampled in, rising from 1: those asked for, or 1 alone where it can make no second.
    var mapSteps: [Int] { student.objective.setsOutFromNoiseAlone ? [1] : evaluation.steps ?? [1] }
}

extension Method {
    /// Its objectives with the key path that a spec has them at.
    var written: [(String, Term)] {
        let path = "student.objective.\(name.rawValue)"
        return [(path, main)] + (beside.map { [("\(path).beside", $0.term)] } ?? [])
    }
}
