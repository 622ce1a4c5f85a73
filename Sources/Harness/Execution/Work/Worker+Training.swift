import Tensors
import FlowMaps
import Foundation
import Results
import Storage
import Study

extension Worker {
    func train(_ work: TeacherWork, to path: String, _ attempt: Attempt) throws -> Ending {
        let data = TrainingData(try work.data.load())
        guard let training = work.training.training else { preconditionFailure("a teacher in a file is there") }
        let trainer = try training.trainer(
            on: data, extractor: try work.classifier.map { try classifier($0, for: data) },
            key: RandomKey(seed: UInt64(work.seed)).folding("teacher"), on: backend)
        let steps = training.optimization.steps, averages = training.optimization.average.stored
        var course = attempt.resume(trainer) ?? TrainingCheckpoint.Course()
        for step in (averages?.steps(of: steps) ?? []).dropFirst(course.averages.count) {
            try attempt.advance(trainer, to: step, of: steps, course: { course })
            course.averages.append(trainer.state.storedNumbers)
        }
        try attempt.advance(trainer, to: steps, of: steps, course: { course })
        try CachedFile.write(.teacher(work), to: path, cost: attempt.spent.cost, sealing: attempt.seal) { root in
            try root.setAttribute("loss", Double(trainer.measured[0]))
            let network = trainer.state.average.network
            try network.write(to: root.group("weights"))
            if let averages {
                try averages.write(course.averages, of: network, steps: steps, to: root.group("averages"))
            }
        }
        return .done
    }

    /// The network of a teacher: trained before, or in a file; of an exact one what students begin as.
    /// - Parameter seed: of a network that has seen nothing.
    func teacher(_ work: TeacherWork, for data: TrainingData, seed: Int = 0) throws -> Network {
        if case .checkpoint(let checkpoint) = work.training { return try checkpoint.load() }
        let key = RandomKey(seed: UInt64(seed)).folding("untrained")
        let blank = work.training.network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: key)
        guard let trained = work.trained, let training = work.training.training else {
            return try blank.materialized(on: backend)
        }
        return try product(.teacher(trained)) { root in
            guard let averages = training.optimization.average.stored else {
                return try blank.read(from: root.group("weights"))
            }
            return try averages.read(
                blank, steps: training.optimization.steps, from: root.group("averages"))
        }
    }

    /// The velocity that students are taught and compared with.
    func velocity(_ work: TeacherWork, weak: TeacherWork?, for data: TrainingData) throws -> TeacherVelocity {
        TeacherVelocity(
            try teacher(work, for: data), exact: work.law,
            weak: try weak.map { try teacher($0, for: data) })
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
        let trainer = try work.training.trainer(on: TrainingData(training), key: key, on: backend)
        let steps = work.training.optimization.steps
        _ = attempt.resume(trainer)
        try attempt.advance(trainer, to: steps, of: steps)
        let classifier = trainer.state.average
        let accuracy = ClassAccuracy(labels: heldOut.labels!, classCount: heldOut.classCount)(
            try classifier.reading(heldOut.samples, dimension: heldOut.dimension, on: backend).logits)
        try work.training.check(accuracy: accuracy, samples: heldOut.count)
        try CachedFile.write(.classifier(work), to: path, cost: attempt.spent.cost, sealing: attempt.seal) { root in
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
