import Engine
import FlowMaps
import Foundation

extension Worker {
    func train(_ work: TeacherWork, to path: String, _ attempt: Attempt) throws -> Ending {
        let data = TrainingData(try work.data.load())
        guard case .trained(let training) = work.training else { preconditionFailure("a teacher in a file is there") }
        let trainer = training.trainer(on: data, key: RandomKey(seed: UInt64(work.seed)).folding("teacher"))
        let steps = training.optimization.steps
        _ = attempt.resume(trainer)
        try attempt.advance(trainer, to: steps, of: steps)
        try CachedFile.write(.teacher(work), to: path, by: attempt) { root in
            try root.setAttribute("loss", Double(trainer.measured[0]))
            try trainer.state.average.write(to: root.group("weights"))
        }
        return .done
    }

    /// The network of a teacher: trained before, or in a file.
    func teacher(_ work: TeacherWork, for data: TrainingData) throws -> Network {
        if case .checkpoint(let checkpoint) = work.training { return try checkpoint.load() }
        let shape = work.training.network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: RandomKey(seed: 0))
        return try product(.teacher(work)) { root in try shape.read(from: root.group("weights")) }
    }

    func train(_ work: ClassifierWork, to path: String, _ attempt: Attempt) throws -> Ending {
        let (training, heldOut) = try work.data.load().split(
            heldOut: work.training.heldOut, by: work.data.hasFiles ? .content : .place)
        guard training.count > 0, heldOut.count > 0 else {
            throw Violation(
                key: "heldOut",
                found:
                    "\(work.training.heldOut), which leaves \(training.count) samples and holds out \(heldOut.count)",
                allowed: "a share that has samples on both sides")
        }
        let key = RandomKey(seed: UInt64(work.seed)).folding("classifier")
        let trainer = work.training.trainer(on: TrainingData(training), key: key)
        let steps = work.training.optimization.steps
        _ = attempt.resume(trainer)
        try attempt.advance(trainer, to: steps, of: steps)
        let classifier = trainer.state.average
        let accuracy = ClassAccuracy(labels: heldOut.labels!, classCount: heldOut.classCount)(
            classifier.reading(heldOut.samples, dimension: heldOut.dimension).logits)
        try work.training.check(accuracy: accuracy, samples: heldOut.count)
        try CachedFile.write(.classifier(work), to: path, by: attempt) { root in
            try root.setAttribute("heldOutAccuracy", accuracy)
            try classifier.write(to: root.group("weights"))
        }
        return .done
    }

    /// The trained classifier.
    func classifier(_ work: ClassifierWork, for data: TrainingData) throws -> Classifier {
        let shape = work.training.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: RandomKey(seed: 0))
        return try product(.classifier(work)) { root in try shape.read(from: root.group("weights")) }
    }

    /// What the features of a reference are, with the accuracy that its classifier was found to have.
    func featureSource(of work: ReferenceWork) throws -> FeatureSource {
        guard let classifier = work.classifier else { return .coordinates }
        let accuracy = try product(.classifier(classifier)) { try $0.number("heldOutAccuracy") }
        return .classifier(classifier.identity, heldOutAccuracy: accuracy)
    }

    /// Reads what shared work has left.
    /// - Throws: `RecordError` where it is not what was sealed.
    func product<Result>(_ work: Work, _ body: (HDF5GroupReader) throws -> Result) throws -> Result {
        let path = results.product(work)
        func check() throws {
            guard results.isDone(work) else {
                throw RecordError(path: path, found: "bytes that were not sealed", allowed: "\(work.title), whole")
            }
        }
        try check()
        let result = try CachedFile.read(work, from: path, body)
        // What was damaged meanwhile was perhaps read so.
        try check()
        return result
    }
}
