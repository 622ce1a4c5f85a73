import Engine
import FlowMaps
import Foundation

/// The noise and classes that students and teacher are judged from: the same in every run of a shared seed.
struct EvaluationNoise {
    let noise: Tensor
    let condition: Condition
    let labels: [Int]?

    /// - Parameter purpose: "reference" for the set that others are compared with, "evaluation" for the one students start from.
    init(_ purpose: String, count: Int, data: TrainingData, seed: Int) {
        let key = RandomKey(seed: UInt64(seed)).folding("evaluation").folding(purpose)
        noise = Tensor(key.normal(count: count * data.dimension), shape: [count, data.dimension])
        // Classes in turn, so that each has its share and a grid shows one a column.
        labels = data.classes > 0 ? (0..<count).map { $0 % data.classes } : nil
        condition = Condition(labels: labels.map { Tensor($0.map(Float.init), shape: [count]) })
    }
}

/// Judges samples that were made from the evaluation noise.
struct Judge {
    private let classifier: Classifier?
    private let dimension: Int
    private let frechet: FrechetDistance
    private let wasserstein: SlicedWasserstein
    private let paired: PairedError
    private let accuracy: ClassAccuracy?

    static let names = ["frechetDistance", "slicedWasserstein", "pairedError", "classAccuracy"]

    /// - Parameters:
    ///   - reference: samples of the teacher from noise of their own.
    ///   - teacher: samples of the teacher from the evaluation noise.
    init(
        reference: [Float], teacher: [Float], noise: EvaluationNoise, classifier: Classifier?, data: TrainingData,
        directions: Int
    ) {
        self.classifier = classifier
        dimension = data.dimension
        let features = Self.features(reference, classifier, dimension)
        frechet = FrechetDistance(reference: GaussianMoments(samples: features.values, dimension: features.width))
        wasserstein = SlicedWasserstein(reference: reference, dimension: dimension, directionCount: directions)
        paired = PairedError(teacher: teacher, noise: Tensor.computed([noise.noise])[0])
        accuracy = classifier == nil ? nil : noise.labels.map { ClassAccuracy(labels: $0, classCount: data.classes) }
    }

    private static func features(
        _ samples: [Float], _ classifier: Classifier?, _ dimension: Int
    ) -> (values: [Float], width: Int, logits: [Float]) {
        guard let classifier else { return (samples, dimension, []) }
        let (features, logits) = classifier(Tensor(samples, shape: [samples.count / dimension, dimension]))
        let values = Tensor.computed([features, logits])
        return (values[0], features.shape[1], values[1])
    }

    /// The Fréchet distance alone.
    func distance(of samples: [Float]) -> Double { frechet(Self.features(samples, classifier, dimension).values) }

    func callAsFunction(_ samples: [Float]) -> Scores {
        let features = Self.features(samples, classifier, dimension)
        var scores = [
            (Self.names[0], frechet(features.values)), (Self.names[1], wasserstein(samples)),
            (Self.names[2], paired(samples)),
        ]
        if let accuracy { scores.append((Self.names[3], accuracy(features.logits))) }
        return Scores(scores)
    }
}

/// What a reference work leaves, read back.
struct Reference {
    let reference, teacher: [Float]
    let scores: ReferenceScores
}

extension Worker {
    func sample(_ work: ReferenceWork, to path: String) throws {
        let data = TrainingData(try work.teacher.data.load())
        let guidance = work.sampling.guidance
        let field = GuidedVelocity(LearnedVelocity(try teacher(work.teacher, for: data)), guidance)
        func noise(_ purpose: String) -> EvaluationNoise {
            EvaluationNoise(purpose, count: work.samples, data: data, seed: work.seed)
        }
        let own = noise("reference"), evaluation = noise("evaluation")
        report(Progress(step: 0, steps: 2, detail: "sampling the teacher"))
        let reference = work.sampling.sampler(field, noise: own.noise, given: own.condition)
        report(Progress(step: 1, steps: 2, detail: "sampling the teacher"))
        let teacher = work.sampling.sampler(field, noise: evaluation.noise, given: evaluation.condition)
        let oneStep = Sampler.euler(steps: 1)
        let coarse = oneStep(field, noise: evaluation.noise, given: evaluation.condition)
        let judge = Judge(
            reference: reference, teacher: teacher, noise: evaluation,
            classifier: try work.classifier.map { try classifier($0, for: data) }, data: data,
            directions: work.directions)
        let scores = ReferenceScores(
            floor: judge(teacher), floorEvaluations: work.sampling.sampler.evaluations(guidance: guidance),
            ceiling: judge(coarse), ceilingEvaluations: oneStep.evaluations(guidance: guidance))
        try CachedFile.write(.reference(work), to: path) { root in
            let shape = [work.samples, data.dimension]
            try root.write("reference", reference, shape: shape)
            try root.write("teacher", teacher, shape: shape)
            try scores.write(to: root.group("scores"))
        }
        report(Progress(step: 2, steps: 2, detail: "sampled"))
    }

    func reference(_ work: ReferenceWork) throws -> Reference {
        try CachedFile.read(.reference(work), from: results.product(.reference(work))) { root in
            Reference(
                reference: try root.read("reference", as: Float.self).values,
                teacher: try root.read("teacher", as: Float.self).values,
                scores: try ReferenceScores(root.group("scores")))
        }
    }
}
