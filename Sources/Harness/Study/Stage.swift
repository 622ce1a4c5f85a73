import FlowMaps
import Specification

/// One stage of a study: a run, or a product that runs share. Its identity, a hash of everything that decides it,
/// finds it again.
public enum Stage: Codable, Hashable, Sendable {
    case teacher(TeacherStage)
    case classifier(ClassifierStage)
    case reference(ReferenceStage)
    /// A run, boxed: a plan of many runs contains each several times.
    indirect case run(RunStage)

    /// The identity of the stage.
    public var identity: Identity {
        switch self {
        case .teacher(let stage): stage.identity
        case .classifier(let stage): stage.identity
        case .reference(let stage): stage.identity
        case .run(let stage): stage.identity
        }
    }

    /// The names and versions of the stages within it, each raised whenever the same specification would give other
    /// numbers.
    package var stages: [(name: String, version: Int)] {
        switch self {
        case .teacher: [("teacher", TeacherStage.version)]
        case .classifier: [("classifier", ClassifierStage.version)]
        case .reference: [("reference", ReferenceStage.version)]
        case .run: [("training", TrainingStage.version), ("evaluation", EvaluationStage.version)]
        }
    }

    /// The stages that must be done before.
    public var needs: [Stage] {
        switch self {
        case .classifier: return []
        case .teacher(let stage): return stage.classifier.map { [.classifier($0)] } ?? []
        case .reference(let stage):
            return Self.each(
                [stage.teacher, stage.weakTeacher].flatMap(Self.made)
                    + (stage.classifier.map { [.classifier($0)] } ?? []))
        case .run(let stage):
            // The student begins as the teacher and is scored by the classifier: the reference alone is not enough.
            return Self.each(
                Stage.reference(stage.reference).needs + Self.made(stage.weakTeacher) + [.reference(stage.reference)])
        }
    }

    /// A teacher that is trained, and before it the stages that it needs.
    private static func made(_ teacher: TeacherStage?) -> [Stage] {
        guard let stage = teacher?.trained.map({ Stage.teacher($0) }) else { return [] }
        return stage.needs + [stage]
    }

    /// The stages without repetitions.
    private static func each(_ works: [Stage]) -> [Stage] {
        works.enumerated().filter { !works[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// The name in messages: "teacher 1a2b3c", "objective=combined,seed=0".
    public var title: String {
        if case .run(let stage) = self { stage.run.point } else { "\(kind) \(identity.short.prefix(6))" }
    }

    /// The number of steps in its progress.
    public var steps: Int {
        switch self {
        case .teacher(let stage): stage.optimization.steps
        case .classifier(let stage): stage.training.optimization.steps
        case .reference: 2
        case .run(let stage): stage.run.specification.student.optimization.steps
        }
    }

    /// The number of threads of its training.
    public var threads: Int {
        switch self {
        case .teacher(let stage): stage.optimization.execution.threads
        case .classifier(let stage): stage.training.optimization.execution.threads
        case .reference: 1
        case .run(let stage): stage.run.specification.student.optimization.execution.threads
        }
    }

    /// The kind of the stage, in a word.
    public var kind: String {
        switch self {
        case .teacher: "teacher"
        case .classifier: "classifier"
        case .reference: "reference"
        case .run: "run"
        }
    }
}

/// The training of a teacher.
public struct TeacherStage: Codable, Hashable, Sendable {
    /// The data.
    public let data: DatasetSource
    /// The source of the teacher.
    public let training: TeacherSource
    /// The seed.
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 2
    /// The identity of the stage.
    public var identity: Identity {
        .of(
            stage: "teacher", Self.version, self, on: data,
            from: classifier == nil ? [] : [("classifier", ClassifierStage.version)])
    }

    /// The stages that teachers are made by, where any of them is trained, or aligned with a classifier's features.
    static func stages(_ teachers: [TeacherSource?]) -> [(kind: String, version: Int)] {
        let trainings = teachers.compactMap { $0?.training }
        return (trainings.isEmpty ? [] : [("teacher", version)])
            + (trainings.contains { $0.representation != nil } ? [("classifier", ClassifierStage.version)] : [])
    }

    /// The training to be done, of a teacher or of the network that students of an exact one begin as: the same for
    /// both. Nil where there is none, as for a teacher in a file. The requested one of the stored averages is not
    /// part of it.
    package var trained: TeacherStage? {
        training.training.map { TeacherStage(data: data, training: .trained($0.withoutChoice), seed: seed) }
    }

    /// The distribution whose exact velocity is the teacher; nil for a network.
    package var distribution: GaussianMixture? { training.isExact ? data.distribution : nil }

    /// The classifier with whose features a hidden layer is aligned.
    package var classifier: ClassifierStage? {
        training.training?.representation.map { ClassifierStage(data: data, training: $0.classifier, seed: seed) }
    }

    /// The optimization of a teacher that is trained.
    package var optimization: Optimization {
        guard let training = training.training else { preconditionFailure("a teacher in a file is not trained") }
        return training.optimization
    }
}

/// The training of a classifier, whose features are the space in which samples are compared.
public struct ClassifierStage: Codable, Hashable, Sendable {
    /// The data.
    public let data: DatasetSource
    /// The specification of the classifier.
    public let training: Classifier.Training
    /// The seed.
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 2
    /// The identity of the stage.
    public var identity: Identity { .of(stage: "classifier", Self.version, self, on: data) }
}

/// Samples of the teacher that students are compared with, and the teacher's own scores.
public struct ReferenceStage: Codable, Hashable, Sendable {
    /// The teacher.
    public let teacher: TeacherStage
    /// The weak teacher, where the sampling is guided by it.
    public let weakTeacher: TeacherStage?
    /// The classifier whose features are used; nil for the samples themselves.
    public let classifier: ClassifierStage?
    /// The number of samples.
    public let samples: Int
    /// The number of projections of the sliced Wasserstein distance.
    public let projections: Int
    /// The metrics; nil is all that the data and the features allow.
    public let metrics: [Metric]?
    /// The sampling of the teacher.
    public let sampling: Evaluation.TeacherSampling
    /// The seed.
    public let seed: Int

    /// Raised whenever the same specification would give other samples or scores.
    static let version = 3
    /// The identity of the stage.
    public var identity: Identity {
        .of(stage: "reference", Self.version, self, on: teacher.data, from: stages)
    }

    /// The stages that it is made from; computed for each run of a sweep, so without creating the stages themselves.
    fileprivate var stages: [(kind: String, version: Int)] {
        (teacher.trained != nil || weakTeacher?.trained != nil ? [("teacher", TeacherStage.version)] : [])
            + (classifier == nil ? [] : [("classifier", ClassifierStage.version)])
    }

    /// The metrics that samples are scored by.
    package var evaluatedMetrics: [Metric] {
        metrics
            ?? Metric.applicable(to: teacher.data, classifier: classifier != nil, sampler: sampling.sampler)
    }
}

/// The training and the evaluation of a student: two stages, of which the second decides the identity of its record.
public struct RunStage: Codable, Hashable, Sendable {
    /// The run.
    public let run: Run

    package init(run: Run) { self.run = run }

    /// The identity of the run. Names of study, point and axes are not part of it, nor is the layout of the record.
    public var identity: Identity { evaluation.identity }

    /// The training of the student.
    package var training: TrainingStage { TrainingStage(run.specification) }

    /// The evaluation of the student.
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
    /// The identity of a stage by its name, its version, its content (for data from files the content of the files,
    /// not their paths) and the versions of the stages before it.
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
