import Tensors
import FlowMaps
import Results
import Study

/// Inference-time search with a student, beside its teacher's own.
struct StudentSearch {
    private let search: EvaluationSearch
    private let specification: RunSpecification
    private let verifier: SampleVerifier
    /// The verifier's scores of the teacher's samples from the evaluation noise.
    private let teacherScores: [Double]
    private let labels: [Int]?
    private let backend: any Backend

    /// Nil where the study has no search.
    /// - Parameters:
    ///   - noise: the evaluation noise, from which the teacher's samples of the reference were made.
    ///   - host: runs the verifier, where it is a program.
    init?(
        _ specification: RunSpecification, _ reference: Reference, _ classifier: Classifier?, _ noise: EvaluationNoise,
        host: PlugInHost, dimension: Int, on backend: any Backend
    ) throws {
        guard let search = specification.evaluation.search else { return nil }
        (self.search, self.specification, labels) = (search, specification, noise.labels)
        self.backend = backend
        verifier = try SampleVerifier(
            search.verifier, classifier: classifier, reference: reference.reference, modes: specification.data.modes,
            host: host, dimension: dimension, on: backend)
        teacherScores = try verifier(reference.teacher, labels: labels)
    }

    /// The agreement of the verifier's scores through the student with those through the teacher, over the same
    /// noises: a high value means that noises found with one are good for the other.
    /// - Parameter samples: the student's samples from the evaluation noise.
    func transfer(_ samples: [Float]) throws -> Scores {
        let scores = try verifier(samples, labels: labels)
        return Scores([(ScoreName.transfer, RankCorrelation.within(labels, scores, teacherScores))])
    }

    /// The results of each strategy.
    func curves(
        teacher: TeacherVelocity, student: LearnedFlowMap, _ evaluator: Evaluator, _ data: TrainingData
    ) throws -> SearchCurves {
        let guidance = specification.evaluation.teacher.guidance
        let noise = EvaluationNoise(
            "search", count: search.samples, data: data, seed: specification.sharedSeed,
            classes: specification.evaluation.classes)
        let searches = NoiseSearch(
            search.search, teacher: GuidedVelocity(teacher, guidance), guidance: guidance, student: student,
            condition: noise.condition,
            studentCondition: noise.condition(scale: specification.evaluation.guidanceScale),
            dimension: data.dimension, key: noise.key, on: backend
        ) { try verifier($0, labels: noise.labels) }
        let lines = try Search.Strategy.allCases.map { strategy in
            let found = try searches(strategy)
            return SearchCurves.Line(
                strategy: strategy, evaluations: found.map(\.evaluations),
                score: try found.map { found in
                    try verifier(found.samples, labels: noise.labels).reduce(0, +) / Double(search.samples)
                },
                distance: try found.compactMap {
                    try evaluator.distance(of: $0.samples, subject: "samples of a search")
                })
        }
        return SearchCurves(budgets: search.budgets, lines: lines)
    }
}
