import FlowMaps
import Specification

/// One piece of a study's work: a run, or what runs share. Each is found again by its identity, a hash of all that decides it.
public enum Stage: Codable, Hashable, Sendable {
    case teacher(TeacherStage)
    case classifier(ClassifierStage)
    case reference(ReferenceStage)
    /// In a box of its own: a plan of many runs holds each several times.
    indirect case run(RunStage)

    public var identity: Identity {
        switch self {
        case .teacher(let stage): stage.identity
        case .classifier(let stage): stage.identity
        case .reference(let stage): stage.identity
        case .run(let stage): stage.identity
        }
    }

    /// Its stages with their versions, each raised whenever the same specification would give other numbers.
    package var stages: [(name: String, version: Int)] {
        switch self {
        case .teacher: [("teacher", TeacherStage.version)]
        case .classifier: [("classifier", ClassifierStage.version)]
        case .reference: [("reference", ReferenceStage.version)]
        case .run: [("training", TrainingStage.version), ("evaluation", EvaluationStage.version)]
        }
    }

    /// What has to be there before.
    public var needs: [Stage] {
        switch self {
        case .classifier: return []
        case .teacher(let stage): return stage.classifier.map { [.classifier($0)] } ?? []
        case .reference(let stage):
            return Self.each(
                [stage.teacher, stage.weakTeacher].flatMap(Self.made)
                    + (stage.classifier.map { [.classifier($0)] } ?? []))
        case .run(let stage):
            // The student begins as the teacher and is judged by the classifier: the reference alone is not enough.
            return Self.each(
                Stage.reference(stage.reference).needs + Self.made(stage.weakTeacher) + [.reference(stage.reference)])
        }
    }

    /// A teacher that is trained, and before it what that needs in turn.
    private static func made(_ teacher: TeacherStage?) -> [Stage] {
        guard let stage = teacher?.trained.map({ Stage.teacher($0) }) else { return [] }
        return stage.needs + [stage]
    }

    /// The same without what was there before.
    private static func each(_ works: [Stage]) -> [Stage] {
        works.enumerated().filter { !works[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// For people: "teacher 1a2b3c", "objective=combined,seed=0".
    public var title: String {
        if case .run(let stage) = self { stage.run.point } else { "\(kind) \(identity.short.prefix(6))" }
    }

    /// Steps that its progress is counted in.
    public var steps: Int {
        switch self {
        case .teacher(let stage): stage.optimization.steps
        case .classifier(let stage): stage.training.optimization.steps
        case .reference: 2
        case .run(let stage): stage.run.specification.student.optimization.steps
        }
    }

    /// Threads that its training takes.
    public var threads: Int {
        switch self {
        case .teacher(let stage): stage.optimization.execution.threads
        case .classifier(let stage): stage.training.optimization.execution.threads
        case .reference: 1
        case .run(let stage): stage.run.specification.student.optimization.execution.threads
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
public struct TeacherStage: Codable, Hashable, Sendable {
    public let data: DatasetSource
    public let training: TeacherSource
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 2
    public var identity: Identity {
        .of(
            stage: "teacher", Self.version, self, on: data,
            from: classifier == nil ? [] : [("classifier", ClassifierStage.version)])
    }

    /// The stages that teachers are made by, where any of these is trained, or aligned with a classifier's features.
    static func stages(_ teachers: [TeacherSource?]) -> [(kind: String, version: Int)] {
        let trainings = teachers.compactMap { $0?.training }
        return (trainings.isEmpty ? [] : [("teacher", version)])
            + (trainings.contains { $0.representation != nil } ? [("classifier", ClassifierStage.version)] : [])
    }

    /// The training that there is to do, of a teacher or of what students of an exact one begin as: the same for both. Nil where
    /// there is none: a teacher in a file is there. Which of the averages stored is wanted decides nothing of it.
    package var trained: TeacherStage? {
        training.training.map { TeacherStage(data: data, training: .trained($0.withoutChoice), seed: seed) }
    }

    /// The distribution whose exact velocity is the teacher; nil of a network's.
    package var distribution: GaussianMixture? { training.isExact ? data.distribution : nil }

    /// The classifier with whose features a hidden layer is aligned.
    package var classifier: ClassifierStage? {
        training.training?.representation.map { ClassifierStage(data: data, training: $0.classifier, seed: seed) }
    }

    /// Of a teacher that is trained.
    package var optimization: Optimization {
        guard let training = training.training else { preconditionFailure("a teacher in a file is not trained") }
        return training.optimization
    }
}

/// A classifier to be trained, whose features samples are compared by.
public struct ClassifierStage: Codable, Hashable, Sendable {
    public let data: DatasetSource
    public let training: Classifier.Training
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 2
    public var identity: Identity { .of(stage: "classifier", Self.version, self, on: data) }
}

/// Samples of the teacher that students are compared with, and how the teacher itself scores.
public struct ReferenceStage: Codable, Hashable, Sendable {
    public let teacher: TeacherStage
    /// Where the sampling is guided by it.
    public let weakTeacher: TeacherStage?
    public let classifier: ClassifierStage?
    public let samples: Int
    public let projections: Int
    /// Absent is all that the data and the features allow.
    public let metrics: [Metric]?
    public let sampling: Evaluation.TeacherSampling
    public let seed: Int

    /// Raised whenever the same specification would give other samples or scores.
    static let version = 3
    public var identity: Identity {
        .of(stage: "reference", Self.version, self, on: teacher.data, from: stages)
    }

    /// The stages it is made from; asked of each run of a sweep, so none of the work itself is put together.
    fileprivate var stages: [(kind: String, version: Int)] {
        (teacher.trained != nil || weakTeacher?.trained != nil ? [("teacher", TeacherStage.version)] : [])
            + (classifier == nil ? [] : [("classifier", ClassifierStage.version)])
    }

    /// What samples are judged by.
    package var evaluatedMetrics: [Metric] {
        metrics
            ?? Metric.applicable(to: teacher.data, classifier: classifier != nil, sampler: sampling.sampler)
    }
}

/// A student to be trained and judged: two stages, of which the second says what its record is.
public struct RunStage: Codable, Hashable, Sendable {
    public let run: Run

    package init(run: Run) { self.run = run }

    /// Names of study, point and axes are no part of it, nor is the layout of the record.
    public var identity: Identity { evaluation.identity }

    /// What is trained.
    package var training: TrainingStage { TrainingStage(run.specification) }

    /// How that is judged.
    package var evaluation: EvaluationStage { EvaluationStage(run.specification) }

    package var teacher: TeacherStage { stage(for: run.specification.teacher) }
    package var weakTeacher: TeacherStage? { run.specification.weakTeacher.map(stage) }

    private func stage(for teacher: TeacherSource) -> TeacherStage {
        TeacherStage(data: run.specification.data, training: teacher, seed: run.specification.sharedSeed)
    }

    package var reference: ReferenceStage {
        let specification = run.specification, evaluation = specification.evaluation
        let classifier: ClassifierStage? =
            if case .classifier(let training) = evaluation.features {
                ClassifierStage(data: specification.data, training: training, seed: specification.sharedSeed)
            } else {
                nil
            }
        return ReferenceStage(
            teacher: teacher, weakTeacher: evaluation.isWeaklyGuided ? weakTeacher : nil, classifier: classifier,
            samples: evaluation.samples, projections: evaluation.projections, metrics: evaluation.metrics,
            sampling: evaluation.teacher, seed: specification.sharedSeed)
    }
}

extension Identity {
    /// The identity of a stage of work by its name, its version, what it is made from (of data from files what these hold, not
    /// where they lie) and the versions of the stages before it.
    static func of(
        stage: String, _ version: Int, _ content: some Encodable, on data: DatasetSource,
        from stages: [(kind: String, version: Int)] = []
    ) -> Identity {
        precondition(data.hasKnownShape, "work on \(data), which nobody has looked at")
        do {
            var fields: [CanonicalValue.Field] = [
                .init("stage", .string(stage)), .init("version", .int(Int128(version))),
                .init("content", try CanonicalEncoder(.decisive).encode(content)),
            ]
            // A first version is left out: identities from before stages knew of those before them are the same.
            var named: Set<String> = []
            let raised = stages.filter { $0.version > 1 && named.insert($0.kind).inserted }.map {
                CanonicalValue.Field($0.kind, .int(Int128($0.version)))
            }
            if !raised.isEmpty { fields.append(.init("inputs", .mapping(raised))) }
            return Identity(of: .mapping(fields))
        } catch {
            preconditionFailure("work has a canonical form: \(error)")
        }
    }
}
