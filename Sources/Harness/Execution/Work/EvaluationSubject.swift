import Tensors
import FlowMaps
import Results
import Study

/// A trained student with everything that it is evaluated by.
struct EvaluationSubject {
    let reference: Reference
    /// The requested classes, one per row of the evaluation noise; nil without classes.
    var labels: [Int]? { noise.labels }

    private let stage: RunStage
    private let specification: RunSpecification
    private let worker: Worker
    private let data: TrainingData
    private let noise: EvaluationNoise
    /// The condition of the student: classes, and a guidance scale where it embeds one.
    private let condition: Condition
    private let evaluator: Evaluator
    private let search: StudentSearch?
    private let discrepancy: Scores
    private let teacher: Network
    private let networks: (student: Network, auxiliary: Network?)
    /// Samplers and the classifier are compiled once, and not at each measurement.
    private let cache: ProgramCache

    /// The curves that are measured once, of the finished student.
    struct FinalCurves {
        var drift: Drift?
        var search: SearchCurves?
        var trajectories: Trajectories?
    }

    /// - Parameters:
    ///   - host: runs the stage's programs.
    ///   - report: called with what is being done.
    /// - Throws: `RecordError` where a product that it needs is not what was sealed.
    init(
        _ stage: RunStage, data: TrainingData, worker: Worker, host: PlugInHost,
        report: @escaping (String) throws -> Void
    ) throws {
        let specification = stage.run.specification
        (self.stage, self.specification, self.worker, self.data) = (stage, specification, worker, data)
        cache = ProgramCache(worker.backend)
        reference = try worker.reference(stage.reference)
        noise = EvaluationNoise(
            "evaluation", count: specification.evaluation.samples, data: data, seed: specification.sharedSeed,
            classes: specification.evaluation.classes, hasClassShares: specification.evaluation.comparesWithData)
        condition = noise.condition(scale: specification.evaluation.guidanceScale)
        let classifier = try stage.reference.classifier.map { try worker.classifier($0, for: data) }
        let extractor = FeatureExtractor(
            stage.reference, classifier: classifier, host: host, dimension: data.dimension, on: cache)
        evaluator = try Evaluator(
            stage.reference,
            sets: worker.referenceSets(
                stage.reference, reference: reference.reference, labels: noise.labels, data: data, extractor,
                known: reference.features, on: cache),
            teacher: reference.teacher, noise: noise, extractor: extractor, host: host, classes: data.classes,
            on: cache, report: report)
        search = try StudentSearch(
            specification, reference, classifier, noise, host: host, dimension: data.dimension, on: cache)
        let seen = stage.training.seesOwnData ? try worker.trainingData(stage.training.seenData) : data
        discrepancy = try evaluator.discrepancy(of: specification, seen)
        teacher = try worker.teacher(stage.teacher, for: data, seed: specification.seed)
        networks = worker.networks(of: stage.training, teacher: teacher, on: data)
    }

    /// The student's network at a step that its training kept; nil is the last.
    ///
    /// The file of the training is not compared with its seal here: whoever evaluates does that once before and once
    /// after, `Worker.check`.
    func student(at step: Int?) throws -> Network {
        let step = step ?? stage.student.snapshots.last ?? 0
        return try worker.unchecked(.training(stage.student)) {
            try TrainedStudent.student(
                at: step, networks.student, specification.student.optimization, $0)
        }
    }

    /// The auxiliary network at the end of the training; nil where the method has none.
    func auxiliary() throws -> Network? {
        guard let network = networks.auxiliary else { return nil }
        return try worker.unchecked(.training(stage.student)) { try TrainedStudent.auxiliary(network, $0) }
    }

    /// Samples and scores of a snapshot, for each number of sampling steps.
    func measured(at step: Int) throws -> [(samples: [Float], scores: Scores)] {
        let map = specification.student.map(try student(at: step))
        return try specification.mapSteps.map { steps in
            let drawn = specification.student.sampling(
                map, noise: noise.noise, given: condition, steps: steps, key: noise.key)
            let samples = try Tensor.materialized([drawn], on: cache)[0]
            let subject = "the student at step \(step)" + (steps == 1 ? "" : " in \(steps) steps")
            let scores = try evaluator(samples, subject: subject).named(steps: steps)
            guard steps == 1 else { return (samples, scores) }
            return (samples, scores.appending(discrepancy.appending(try search?.transfer(samples) ?? Scores([]))))
        }
    }

    /// Drift, search and trajectories, as far as the study requests them.
    func curves() throws -> FinalCurves {
        let map = specification.student.map(try student(at: nil))
        let weak = try stage.weakTeacher.map { try worker.teacher($0, for: data) }
        return FinalCurves(
            drift: try worker.drift(of: map, from: reference, noise.noise, given: condition),
            search: try search?.curves(
                teacher: TeacherVelocity(teacher, exact: stage.teacher.distribution, weak: weak), student: map,
                evaluator, data),
            trajectories: try worker.trajectories(
                specification.evaluation.trajectories, of: map, along: reference.path, noise.noise, given: condition))
    }
}
