import FlowMaps

/// The arithmetic of a piece of work, to say beforehand how long it takes.
public struct Estimate: Sendable {
    /// Seconds of one processor core a floating-point operation.
    private let secondsPerOperation: Double
    /// Whether finished runs told the speed.
    public let isMeasured: Bool

    /// Where nothing was measured: 30 GFLOP/s, about half of what one core of a current server gives.
    private static let unmeasured = 1 / 30e9

    /// As many records as tell the speed: their median hardly moves with more.
    public static let sampleSize = 25

    /// - Parameter records: finished runs, whose times say how quick this machine is (the median counts).
    public init(from records: [Record]) {
        let rates = records.filter { $0.outcome == .done && $0.provenance.trainingSeconds > 0 }.map {
            $0.provenance.trainingSeconds / Self.operations(ofTraining: $0.run.specification)
        }.sorted()
        isMeasured = !rates.isEmpty
        secondsPerOperation = rates.isEmpty ? Self.unmeasured : rates[rates.count / 2]
    }

    /// Seconds on one core.
    public func seconds(_ work: Work) -> Double { secondsPerOperation * Self.operations(work) }

    private static func operations(_ work: Work) -> Double {
        switch work {
        case .teacher(let work):
            // A forward pass, and a backward one of twice its cost.
            return 3 * forward(work.training.network, work.data) * rows(work.optimization)
        case .classifier(let work):
            return 6 * multiplications(of: work.training, work.data) * rows(work.training.optimization)
        case .reference(let work):
            let evaluations = work.sampling.sampler.evaluations(guidance: work.sampling.guidance)
            return 2 * Double(evaluations * work.samples) * forward(work.teacher.training.network, work.teacher.data)
        case .run(let work):
            let specification = work.run.specification, evaluation = specification.evaluation
            let evaluations = specification.mapSteps.reduce(0, +)
            let judged = Double(evaluation.measurements * evaluation.samples * evaluations)
            return operations(ofTraining: specification) + judged
                * forward(specification.teacher.network, specification.data)
        }
    }

    /// Of a sample, in the layers before the features.
    private static func multiplications(of training: Classifier.Training, _ data: DatasetSource) -> Double {
        guard let convolution = training.convolution else {
            return Double(data.dimension * (training.width ?? 0))
        }
        // Nine of each channel a window; each layer has a quarter of the windows of the one before.
        var (inputs, windows, sum) = (data.image?.channels ?? 1, data.dimension / (data.image?.channels ?? 1), 0)
        for outputs in convolution.channels {
            windows = max(windows / 4, 1)
            sum += 9 * inputs * outputs * windows
            inputs = outputs
        }
        return Double(sum + inputs * windows * training.features)
    }

    private static func operations(ofTraining specification: RunSpecification) -> Double {
        forward(specification.teacher.network, specification.data) * rows(specification.student.optimization)
            * specification.student.objective.forwardEquivalents(of: specification.student.optimization)
    }

    private static func rows(_ optimization: Optimization) -> Double { Double(optimization.steps * optimization.batch) }

    /// Operations of one sample's forward pass: two a weight.
    private static func forward(_ network: NetworkShape, _ data: DatasetSource) -> Double {
        2 * Double(network.weightCount(dimension: data.dimension, image: data.image))
    }
}
