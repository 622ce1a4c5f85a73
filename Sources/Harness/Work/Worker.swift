import Engine
import FlowMaps
import Foundation

/// Carries out one piece of work in this process, reading what it needs from the results folder and leaving its product there.
public struct Worker: Sendable {
    public let results: ResultsFolder
    /// Told of every step of a training, sparsely.
    let report: @Sendable (Progress) -> Void

    /// How far a piece of work is.
    public struct Progress: Codable, Hashable, Sendable {
        public let step, steps: Int
        /// What is worth seeing now: "loss 0.12".
        public let detail: String
    }

    public init(results: ResultsFolder, report: @escaping @Sendable (Progress) -> Void = { _ in }) {
        self.results = results
        self.report = report
    }

    /// Carries out the work.
    /// - Returns: that it is done, or that its training diverged and its record says so.
    /// - Throws: what kept it from leaving its product.
    public func carryOut(_ work: Work) throws -> Ending {
        let path = results.product(work)
        try ResultsFolder.create(parentFolder(of: path))
        switch work {
        case .teacher(let teacher): try train(teacher, to: path)
        case .classifier(let classifier): try train(classifier, to: path)
        case .reference(let reference): try sample(reference, to: path)
        case .run(let run): return try distil(run, to: path)
        }
        return .done
    }

    /// Advances a trainer, telling of it a few times a second.
    func advance<State>(
        _ trainer: Trainer<State>, to step: Int, of steps: Int, observing observe: (Int) -> Void = { _ in }
    ) throws {
        var told = Date.distantPast
        try trainer.advance(to: step) { step in
            observe(step)
            if step == steps || Date().timeIntervalSince(told) > 0.2 {
                told = Date()
                let detail =
                    trainer.metrics.isEmpty
                    ? "" : "\(trainer.metrics[0]) \(Figure.text(Double(trainer.measured[0])))"
                report(Progress(step: step, steps: steps, detail: detail))
            }
            return true
        }
    }
}

extension Worker {
    private func train(_ work: TeacherWork, to path: String) throws {
        let data = TrainingData(try work.data.load())
        guard case .trained(let training) = work.training else { preconditionFailure("a teacher in a file is there") }
        let trainer = training.trainer(on: data, key: RandomKey(seed: UInt64(work.seed)).folding("teacher"))
        let steps = training.optimization.steps
        try advance(trainer, to: steps, of: steps)
        try CachedFile.write(.teacher(work), to: path) { root in
            try root.setAttribute("loss", Double(trainer.measured[0]))
            try trainer.state.average.write(to: root.group("weights"))
        }
    }

    /// The network of a teacher: trained before, or in a file.
    func teacher(_ work: TeacherWork, for data: TrainingData) throws -> Network {
        if case .checkpoint(let checkpoint) = work.training { return try checkpoint.load() }
        let shape = work.training.network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: RandomKey(seed: 0))
        return try CachedFile.read(.teacher(work), from: results.product(.teacher(work))) { root in
            try shape.read(from: root.group("weights"))
        }
    }

    private func train(_ work: ClassifierWork, to path: String) throws {
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
        try advance(trainer, to: steps, of: steps)
        let classifier = trainer.state.average
        let accuracy = ClassAccuracy(labels: heldOut.labels!, classCount: heldOut.classCount)(
            classifier.reading(heldOut.samples, dimension: heldOut.dimension).logits)
        try work.training.check(accuracy: accuracy, samples: heldOut.count)
        try CachedFile.write(.classifier(work), to: path) { root in
            try root.setAttribute("heldOutAccuracy", accuracy)
            try classifier.write(to: root.group("weights"))
        }
    }

    /// The trained classifier.
    func classifier(_ work: ClassifierWork, for data: TrainingData) throws -> Classifier {
        let shape = work.training.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: RandomKey(seed: 0))
        return try CachedFile.read(.classifier(work), from: results.product(.classifier(work))) { root in
            try shape.read(from: root.group("weights"))
        }
    }

    /// What the features of a reference are, with the accuracy that its classifier was found to have.
    func featureSource(of work: ReferenceWork) throws -> FeatureSource {
        guard let classifier = work.classifier else { return .coordinates }
        let accuracy = try CachedFile.read(.classifier(classifier), from: results.product(.classifier(classifier))) {
            try $0.number("heldOutAccuracy")
        }
        return .classifier(classifier.identity, heldOutAccuracy: accuracy)
    }
}
