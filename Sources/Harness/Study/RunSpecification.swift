import FlowMaps

/// Every number that decides a run: a study's `base` with the values of one point of its sweep.
public struct RunSpecification: Codable, Hashable, Sendable, Validated {
    /// The data set.
    public private(set) var data: DatasetSource
    /// The teacher.
    public let teacher: TeacherSource
    /// Another teacher, worse in the same way, that guidance leads away from; present only where some guidance uses
    /// it.
    public let weakTeacher: TeacherSource?
    /// The data set that the student's method takes its states from, where it is another than `data`: that of a mismatch of teacher
    /// and data which no augmentation makes. Everything else, the teacher, features and scores among it, is of `data`.
    public private(set) var studentData: DatasetSource?
    /// The source of the student: a training, or a file.
    public let studentSource: StudentSource
    /// The evaluation.
    public let evaluation: Evaluation
    /// The seed of the student's training.
    public let seed: Int
    /// The seed of everything that runs share: the teacher, the features, and the noise that students are evaluated
    /// from.
    public let sharedSeed: Int

    private enum CodingKeys: String, CodingKey {
        case data, teacher, weakTeacher, studentData, evaluation, seed, sharedSeed
        case studentSource = "student"
    }

    /// A specification from its parts.
    public init(
        data: DatasetSource, teacher: TeacherSource, weakTeacher: TeacherSource? = nil,
        studentData: DatasetSource? = nil, student: StudentSource, evaluation: Evaluation, seed: Int, sharedSeed: Int
    ) {
        (self.data, self.teacher, self.weakTeacher, self.studentData) = (data, teacher, weakTeacher, studentData)
        studentSource = student
        (self.evaluation, self.seed, self.sharedSeed) = (evaluation, seed, sharedSeed)
    }

    /// The training of the student; of a student in a file one of no steps.
    public var student: Distillation { studentSource.distillation }

    /// The network of the student: that of its file, else that of the teacher.
    package var studentNetwork: NetworkShape { studentSource.knownNetwork ?? teacher.network }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(seed, "seed", atLeast: 0, atMost: Most.seed)
        try require(sharedSeed, "sharedSeed", atLeast: 0, atMost: Most.seed)
        if student.method.terms.count > 1 {
            try require(student.optimization.batch, "student.optimization.batch", in: 2...)
        }
        // The other checks need the content of the data's files.
        if data.hasKnownShape, studentData?.hasKnownShape ?? true { try checkData() }
    }

    /// The same run on data whose files were inspected.
    func on(_ data: DatasetSource, student: DatasetSource?) -> RunSpecification {
        var copy = self
        (copy.data, copy.studentData) = (data, student)
        return copy
    }

    private func checkData() throws(Violation) {
        try checkTeacher(teacher, "teacher")
        if let weakTeacher {
            try require(
                !weakTeacher.isExact, "weakTeacher", found: "exact",
                allowed: "a teacher that is trained or in a file: none is worse than the distribution itself")
            try checkTeacher(weakTeacher, "weakTeacher")
        }
        try checkGuidance()
        try checkScales()
        try checkMethod()
        try checkStudentData()
        try checkAugmentation()
        try checkChoice(student.optimization.ema, "student.optimization")
        if case .classifier(let training) = evaluation.features {
            try require(
                data.classCount > 0, "evaluation.features", found: "classifier",
                allowed: "coordinates, as the data have no classes")
            try checkClassifier(training, "evaluation.features.classifier")
        }
        try require(
            evaluation.classes == nil || data.classCount > 0, "evaluation.classes",
            found: evaluation.classes?.rawValue ?? "nothing", allowed: "nothing, as the data have no classes")
        try checkMetrics()
        try checkSearch()
        try checkDemand()
    }

    private func checkMetrics() throws(Violation) {
        let sampler = evaluation.teacher.sampler
        let applicable = Metric.applicable(to: data, classifier: evaluation.hasClassifier, sampler: sampler)
        for entry in evaluation.metrics ?? [] {
            try checkStatistics(entry.reference)
            guard let metric = entry.metric, metric.comparison != .trainingRows else { continue }
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
                evaluation.measuresDrift ?? applicable.contains(.drift),
                "evaluation.trajectories",
                found: "metrics without drift", allowed: "with drift, at whose durations the ways are known")
        }
    }

    /// Checks that a method has rows for its terms, a network that its form fits, and withholds classes only where
    /// there are some.
    private func checkMethod() throws(Violation) {
        let method = student.method, place = "student.method.\(method.name.rawValue)"
        try checkRows(method)
        try require(
            method.labelDropout == 0 || data.classCount > 0, "\(place).labelDropout", found: method.labelDropout,
            allowed: "0, as the data have no classes")
        if let shape = teacher.knownNetwork {
            do { try method.form.validate(for: shape) } catch { throw error.under(place) }
        }
    }

    /// Checks that there is a use for data of the student's own, and that they are of the form that the teacher knows.
    private func checkStudentData() throws(Violation) {
        guard let studentData else { return }
        try require(
            !student.method.isDataFree && studentSource.checkpoint == nil, Self.studentDataKey,
            found: studentData.kind, allowed: "nothing, as the student's training sees no data")
        try require(
            studentData.form == data.form, Self.studentDataKey, found: "\(studentData.kind), \(studentData.form)",
            allowed: "data of the form of 'data', \(data.form)")
    }

    /// The key of data of the student's own.
    static let studentDataKey = CodingKeys.studentData.rawValue

    private func checkAugmentation() throws(Violation) {
        for (key, term) in student.method.written {
            guard case .data(let augmentation) = term.states else { continue }
            try checkAugmentation(
                augmentation, "\(key).states.data.augmentation", batch: student.optimization.batch)
        }
    }

    /// Checks that a batch has whole groups of rows for each term.
    private func checkRows(_ method: Method) throws(Violation) {
        let key = "student.optimization.batch", batch = student.optimization.batch
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

extension RunSpecification {
    /// The numbers of steps that the student is sampled in, rising from 1: those requested, or 1 alone where it has
    /// no second step.
    package var mapSteps: [Int] { student.method.isOneStepOnly ? [1] : evaluation.steps ?? [1] }
}

extension Method {
    /// Its terms with the key path that a spec has them at.
    var written: [(String, Term)] {
        terms.map { key, term in
            (["student.method", name.rawValue, key].compactMap { $0 }.joined(separator: "."), term)
        }
    }
}
