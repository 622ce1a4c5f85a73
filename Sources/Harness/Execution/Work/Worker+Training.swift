import Tensors
import FlowMaps
import Foundation
import Results
import Storage
import Study

extension Worker {
    func train(_ stage: TeacherStage, to path: String, _ attempt: Attempt) throws -> StageResult {
        let data = try trainingData(stage.data)
        guard let training = stage.training.training else { preconditionFailure("a teacher in a file is there") }
        let trainer = try training.trainer(
            on: data, extractor: try stage.classifier.map { try classifier($0, for: data) },
            key: RandomKey(seed: UInt64(stage.seed)).folding("teacher"), on: backend)
        let steps = training.optimization.steps, averages = training.optimization.ema.stored
        var course = attempt.resume(trainer) ?? TrainingCheckpoint.Course()
        for step in (averages?.steps(of: steps) ?? []).dropFirst(course.averages.count) {
            try attempt.advance(trainer, to: step, of: steps, course: { course })
            course.averages.append(trainer.state.storedNumbers)
        }
        try attempt.advance(trainer, to: steps, of: steps, course: { course })
        try CachedFile.write(.teacher(stage), to: path, cost: attempt.spent.cost, sealing: attempt.seal) { root in
            try root.setAttribute("loss", Double(trainer.measured[0]))
            let network = trainer.state.average.network
            try network.write(to: root.group("weights"))
            if let averages {
                try averages.write(course.averages, of: network, steps: steps, to: root.group("averages"))
            }
        }
        return .done
    }

    /// The network of a teacher: trained before, or from a file; for an exact one the network that students begin as.
    /// - Parameter seed: the seed of a network with fresh weights.
    func teacher(_ stage: TeacherStage, for data: TrainingData, seed: Int = 0) throws -> Network {
        if case .checkpoint(let checkpoint) = stage.training { return try checkpoint.load() }
        let key = RandomKey(seed: UInt64(seed)).folding("untrained")
        let blank = stage.training.network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: key)
        guard let trained = stage.trained, let training = stage.training.training else {
            return try blank.materialized(on: backend)
        }
        return try product(.teacher(trained)) { root in
            guard let averages = training.optimization.ema.stored else {
                return try blank.read(from: root.group("weights"))
            }
            return try averages.read(
                blank, steps: training.optimization.steps, from: root.group("averages"))
        }
    }

    /// The velocity that students are taught and compared with.
    func velocity(_ stage: TeacherStage, weak: TeacherStage?, for data: TrainingData) throws -> TeacherVelocity {
        TeacherVelocity(
            try teacher(stage, for: data), exact: stage.distribution,
            weak: try weak.map { try teacher($0, for: data) })
    }

    func train(_ stage: ClassifierStage, to path: String, _ attempt: Attempt) throws -> StageResult {
        let (training, heldOut) = try dataset(stage.data).split(
            heldOut: stage.training.heldOut, by: stage.data.hasFiles ? .content : .place)
        guard training.count > 0, heldOut.count > 0 else {
            throw Violation(
                key: "heldOut",
                found:
                    "\(stage.training.heldOut), which leaves \(training.count) samples and holds out \(heldOut.count)",
                allowed: "a share that has samples on both sides")
        }
        let key = RandomKey(seed: UInt64(stage.seed)).folding("classifier")
        let trainer = try stage.training.trainer(on: TrainingData(training), key: key, on: backend)
        let steps = stage.training.optimization.steps
        _ = attempt.resume(trainer)
        try attempt.advance(trainer, to: steps, of: steps)
        let classifier = trainer.state.average
        let accuracy = ClassAccuracy(labels: heldOut.labels!, classCount: heldOut.classCount)(
            try classifier.reading(heldOut.samples, dimension: heldOut.dimension, on: backend).logits)
        try stage.training.check(accuracy: accuracy, samples: heldOut.count)
        try CachedFile.write(.classifier(stage), to: path, cost: attempt.spent.cost, sealing: attempt.seal) { root in
            try root.setAttribute("heldOutAccuracy", accuracy)
            try classifier.write(to: root.group("weights"))
        }
        return .done
    }

    /// The trained classifier.
    func classifier(_ stage: ClassifierStage, for data: TrainingData) throws -> Classifier {
        let shape = stage.training.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: RandomKey(seed: 0))
        return try product(.classifier(stage)) { root in try shape.read(from: root.group("weights")) }
    }

    /// The source of a reference's features, with the held-out accuracy of its classifier.
    func featureSource(of stage: ReferenceStage) throws -> FeatureSource {
        if let program = stage.featureProgram { return .plugIn(program.title, program.identity) }
        guard let classifier = stage.classifier else { return .coordinates }
        let accuracy = try product(.classifier(classifier)) { try $0.number("heldOutAccuracy") }
        return .classifier(classifier.identity, heldOutAccuracy: accuracy)
    }

    /// Reads the product of a shared stage.
    /// - Throws: `RecordError` where it is not the one that was sealed.
    func product<Result>(_ stage: Stage, _ body: (HDF5GroupReader) throws -> Result) throws -> Result {
        try check(stage)
        let result = try unchecked(stage, body)
        // What was damaged meanwhile was perhaps read so.
        try check(stage)
        return result
    }

    /// Checks that the product of a shared stage is the one that was sealed, for which all of it is read.
    /// - Throws: `RecordError` where it is not.
    func check(_ stage: Stage) throws {
        guard results.isDone(stage) else {
            throw RecordError(
                path: results.product(stage), found: "bytes that were not sealed", allowed: "\(stage.title), whole")
        }
    }

    /// Reads the product of a shared stage that the caller checks before and after.
    func unchecked<Result>(_ stage: Stage, _ body: (HDF5GroupReader) throws -> Result) throws -> Result {
        try CachedFile.read(stage, from: results.product(stage), body)
    }
}
