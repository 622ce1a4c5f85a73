import FlowMaps
import Specification

/// One piece of a study's work: a run, or what runs share. Each is found again by its identity, a hash of all that decides it.
public enum Work: Codable, Hashable, Sendable {
    case teacher(TeacherWork)
    case classifier(ClassifierWork)
    case reference(ReferenceWork)
    /// In a box of its own: a plan of many runs holds each several times.
    indirect case run(RunWork)

    public var identity: Identity {
        switch self {
        case .teacher(let work): work.identity
        case .classifier(let work): work.identity
        case .reference(let work): work.identity
        case .run(let work): work.identity
        }
    }

    /// Of the stage: raised whenever the same specification would give other numbers.
    package var version: Int {
        switch self {
        case .teacher: TeacherWork.version
        case .classifier: ClassifierWork.version
        case .reference: ReferenceWork.version
        case .run: RunWork.version
        }
    }

    /// What has to be there before.
    public var needs: [Work] {
        switch self {
        case .classifier: return []
        case .teacher(let work): return work.classifier.map { [.classifier($0)] } ?? []
        case .reference(let work):
            return Self.each(
                [work.teacher, work.weakTeacher].flatMap(Self.made)
                    + (work.classifier.map { [.classifier($0)] } ?? []))
        case .run(let work):
            // The student begins as the teacher and is judged by the classifier: the reference alone is not enough.
            return Self.each(
                Work.reference(work.reference).needs + Self.made(work.weakTeacher) + [.reference(work.reference)])
        }
    }

    /// A teacher that is trained, and before it what that needs in turn.
    private static func made(_ teacher: TeacherWork?) -> [Work] {
        guard let work = teacher?.trained.map({ Work.teacher($0) }) else { return [] }
        return work.needs + [work]
    }

    /// The same without what was there before.
    private static func each(_ works: [Work]) -> [Work] {
        works.enumerated().filter { !works[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// For people: "teacher 1a2b3c", "objective=combined,seed=0".
    public var title: String {
        if case .run(let work) = self { work.run.point } else { "\(kind) \(identity.short.prefix(6))" }
    }

    /// Steps that its progress is counted in.
    public var steps: Int {
        switch self {
        case .teacher(let work): work.optimization.steps
        case .classifier(let work): work.training.optimization.steps
        case .reference: 2
        case .run(let work): work.run.specification.student.optimization.steps
        }
    }

    /// Threads that its training takes.
    public var threads: Int {
        switch self {
        case .teacher(let work): work.optimization.execution.threads
        case .classifier(let work): work.training.optimization.execution.threads
        case .reference: 1
        case .run(let work): work.run.specification.student.optimization.execution.threads
        }
    }

    /// What sort of work it is, in a word.
    public var kind: String {
        switch self {
        case .teacher: "teacher"
        case .classifier: "classifier"
        case .reference: "reference"
        case .run: "run"
        }
    }
}

/// A teacher to be trained.
public struct TeacherWork: Codable, Hashable, Sendable {
    public let data: DatasetSource
    public let training: TeacherSource
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 1
    public var identity: Identity {
        .of(
            stage: "teacher", Self.version, self, on: data,
            from: classifier == nil ? [] : [("classifier", ClassifierWork.version)])
    }

    /// The training that there is to do, of a teacher or of what students of an exact one begin as: the same for both. Nil where
    /// there is none: a teacher in a file is there. Which of the averages stored is wanted decides nothing of it.
    package var trained: TeacherWork? {
        training.training.map { TeacherWork(data: data, training: .trained($0.withoutChoice), seed: seed) }
    }

    /// The law whose exact velocity is the teacher; nil of a network's.
    package var law: GaussianMixture? { training.isExact ? data.law : nil }

    /// The classifier with whose features a hidden layer is aligned.
    package var classifier: ClassifierWork? {
        training.training?.representation.map { ClassifierWork(data: data, training: $0.classifier, seed: seed) }
    }

    /// Of a teacher that is trained.
    package var optimization: Optimization {
        guard let training = training.training else { preconditionFailure("a teacher in a file is not trained") }
        return training.optimization
    }
}

/// A classifier to be trained, whose features samples are compared by.
public struct ClassifierWork: Codable, Hashable, Sendable {
    public let data: DatasetSource
    public let training: Classifier.Training
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 1
    public var identity: Identity { .of(stage: "classifier", Self.version, self, on: data) }
}

/// Samples of the teacher that students are compared with, and how the teacher itself scores.
public struct ReferenceWork: Codable, Hashable, Sendable {
    public let teacher: TeacherWork
    /// Where the sampling is guided by it.
    public let weakTeacher: TeacherWork?
    public let classifier: ClassifierWork?
    public let samples: Int
    public let directions: Int
    /// Absent is all that the data and the features allow.
    public let metrics: [Metric]?
    public let sampling: Evaluation.TeacherSampling
    public let seed: Int

    /// Raised whenever the same specification would give other samples or scores.
    static let version = 2
    public var identity: Identity {
        .of(stage: "reference", Self.version, self, on: teacher.data, from: stages)
    }

    /// The stages it is made from; asked of each run of a sweep, so none of the work itself is put together.
    fileprivate var stages: [(kind: String, version: Int)] {
        (teacher.trained != nil || weakTeacher?.trained != nil ? [("teacher", TeacherWork.version)] : [])
            + (classifier == nil ? [] : [("classifier", ClassifierWork.version)])
    }

    /// What samples are judged by.
    package var judgedMetrics: [Metric] {
        metrics
            ?? Metric.applicable(to: teacher.data, classifier: classifier != nil, sampler: sampling.sampler)
    }
}

/// A student to be trained and judged.
public struct RunWork: Codable, Hashable, Sendable {
    public let run: Run

    package init(run: Run) {
        self.run = run
    }

    /// The layout of the file that it leaves; raised when a reader of the old one would misread the new.
    public static let layout = "ablate.run/1"

    /// Raised whenever the same specification would give another record.
    static let version = 2
    public var identity: Identity {
        .of(
            stage: "run", Self.version, Content(specification: run.specification, schema: Self.layout),
            on: run.specification.data, from: stages)
    }

    private var stages: [(kind: String, version: Int)] {
        let specification = run.specification, teachers = [specification.teacher, specification.weakTeacher]
        return (teachers.contains { $0?.training != nil } ? [("teacher", TeacherWork.version)] : [])
            + (specification.evaluation.hasClassifier ? [("classifier", ClassifierWork.version)] : [])
            + [("reference", ReferenceWork.version)]
    }

    /// What decides a record: names of study, point and axes do not.
    private struct Content: Codable {
        let specification: RunSpecification
        let schema: String
    }

    package var teacher: TeacherWork { work(for: run.specification.teacher) }
    package var weakTeacher: TeacherWork? { run.specification.weakTeacher.map(work) }

    private func work(for teacher: TeacherSource) -> TeacherWork {
        TeacherWork(data: run.specification.data, training: teacher, seed: run.specification.sharedSeed)
    }

    package var reference: ReferenceWork {
        let specification = run.specification, evaluation = specification.evaluation
        let classifier: ClassifierWork? =
            if case .classifier(let training) = evaluation.features {
                ClassifierWork(data: specification.data, training: training, seed: specification.sharedSeed)
            } else {
                nil
            }
        let isWeaklyGuided = evaluation.teacher.guidance.map { $0.isActive && $0.by == .weakTeacher } ?? false
        return ReferenceWork(
            teacher: teacher, weakTeacher: isWeaklyGuided ? weakTeacher : nil, classifier: classifier,
            samples: evaluation.samples, directions: evaluation.directions, metrics: evaluation.metrics,
            sampling: evaluation.teacher, seed: specification.sharedSeed)
    }
}

extension Identity {
    /// The identity of a stage of work by its name, its version, what it is made from (of data from files what these hold, not
    /// where they lie) and the versions of the stages before it.
    fileprivate static func of(
        stage: String, _ version: Int, _ content: some Encodable, on data: DatasetSource,
        from stages: [(kind: String, version: Int)] = []
    ) -> Identity {
        precondition(data.hasKnownShape, "work on \(data), which nobody has looked at")
        do {
            var fields: [CanonicalValue.Field] = [
                .init("stage", .string(stage)), .init("version", .int(Int128(version))),
                .init("content", try CanonicalEncoder(places: .omitted).encode(content)),
            ]
            // A first version is left out: identities from before stages knew of those before them are the same.
            let raised = stages.filter { $0.version > 1 }.map {
                CanonicalValue.Field($0.kind, .int(Int128($0.version)))
            }
            if !raised.isEmpty { fields.append(.init("inputs", .mapping(raised))) }
            return Identity(of: .mapping(fields))
        } catch {
            preconditionFailure("work has a canonical form: \(error)")
        }
    }
}
