import FlowMaps
import Results
import Study

/// Estimates the time of stages from their arithmetic.
package struct Estimate: Sendable {
    /// Seconds of one processor core a floating-point operation, for each network that finished runs have: perceptrons and
    /// transformers, wide and narrow ones differ by factors.
    private let secondsPerOperation: [NetworkShape: Double]
    /// The speed for networks of no finished run: that of the slowest.
    private let slowest: Double
    /// The speed was measured on finished runs.
    package let isMeasured: Bool

    /// The speed without measurements: 30 GFLOP/s, about half of one core of a current server.
    private static let unmeasured = 1 / 30e9

    /// The evaluations of an adaptive sampler, which are known only afterwards: about those of tolerances 1e-3 and
    /// 1e-6 on digits.
    private static let adaptiveEvaluations = 100

    /// The number of records that the speed is measured on: their median hardly moves with more.
    package static let sampleSize = 25

    /// - Parameter records: finished runs, whose median time gives the speed of this machine.
    package init(from records: [Record]) {
        // The time of programs says nothing about the speed of networks.
        let finished = records.filter {
            $0.outcome == .done && $0.provenance.wallSeconds > 0 && $0.run.specification.evaluation.plugIns.isEmpty
        }
        let networks = Dictionary(grouping: finished) { $0.run.specification.studentNetwork }
        secondsPerOperation = networks.mapValues { records in
            // By all of a run's time: training, measuring and writing.
            let rates = records.map { record in
                let stage = RunStage(run: record.run)
                return record.provenance.wallSeconds
                    / (Self.operations(.training(stage.student)) + Self.operations(.run(stage)))
            }.sorted()
            return rates[rates.count / 2]
        }
        isMeasured = !finished.isEmpty
        slowest = secondsPerOperation.values.reduce(Self.unmeasured, max)
    }

    /// Seconds on one core.
    package func seconds(_ stage: Stage) -> Double {
        let network: NetworkShape? =
            switch stage {
            case .teacher(let stage): stage.training.network
            case .classifier: nil
            case .reference(let stage): stage.teacher.training.network
            case .training(let stage): stage.training.network
            case .run(let stage): stage.run.specification.studentNetwork
            }
        return (network.flatMap { secondsPerOperation[$0] } ?? slowest) * Self.operations(stage)
    }

    /// Wall-clock seconds for several stages, so many at a time: no less than the longest takes.
    package func seconds(_ works: [Stage], jobs: Int) -> Double {
        let each = works.map(seconds)
        return max(each.reduce(0, +) / Double(jobs), each.max() ?? 0)
    }

    /// Floating-point operations of a stage, a multiplication and an addition counting two.
    static func operations(_ stage: Stage) -> Double {
        switch stage {
        case .teacher(let stage):
            // A forward pass, perhaps a second time, and a backward one of twice its cost.
            return (stage.optimization.rematerialize ? 4 : 3) * forward(stage.training.network, stage.data)
                * rows(stage.optimization)
        case .classifier(let stage):
            return 6 * multiplications(of: stage.training, stage.data) * rows(stage.training.optimization)
        case .reference(let stage):
            let evaluations =
                stage.sampling.sampler.evaluations(guidance: stage.sampling.guidance) ?? Self.adaptiveEvaluations
            let sampled =
                2 * Double(evaluations) * Double(stage.samples)
                * forward(stage.teacher.training.network, stage.teacher.data)
            return sampled + scoring(stage, sets: 2)
        case .training(let stage): return operations(of: stage.training)
        case .run(let stage):
            let specification = stage.run.specification, evaluation = specification.evaluation
            let measurements = stage.student.snapshots.count, evaluations = specification.mapSteps.reduce(0, +)
            let evaluated = Double(measurements) * Double(evaluation.samples) * Double(evaluations)
            return evaluated * forward(specification.studentNetwork, specification.data)
                + scoring(stage.reference, sets: measurements * specification.mapSteps.count)
        }
    }

    /// The operations of the metrics of a reference, for so many sets of samples; those of plug-ins are not known.
    private static func scoring(_ stage: ReferenceStage, sets: Int) -> Double {
        var sum = 0.0, counted: [MetricReference: Set<String>] = [:]
        for entry in stage.evaluatedMetrics {
            // One computation gives the values of several metrics.
            guard let scoring = entry.metric?.scoring,
                counted[entry.reference, default: []].insert(scoring.name).inserted
            else { continue }
            let cost = scoring.operations(sizes(of: stage, entry.reference))
            sum += cost.reference + Double(sets) * cost.samples
        }
        return sum
    }

    private static func sizes(of stage: ReferenceStage, _ reference: MetricReference) -> Scoring.Sizes {
        let data = stage.teacher.data
        let count: Int =
            switch reference {
            case .teacher: stage.samples
            case .data: data.knownCount ?? stage.samples
            case .statistics: 0
            }
        return Scoring.Sizes(
            samples: Double(stage.samples), reference: Double(count), dimension: Double(data.dimension),
            width: Double(stage.classifier?.training.features ?? data.dimension),
            projections: Double(stage.projections))
    }

    /// The multiplications of one sample in the layers before the features.
    private static func multiplications(of training: Classifier.Training, _ data: DatasetSource) -> Double {
        guard let convolution = training.convolution else {
            return Double(data.dimension) * Double(training.width ?? 0)
        }
        // Nine of each channel a window; each layer has a quarter of the windows of the one before.
        let channels = data.image?.channels ?? 1
        var (inputs, windows, sum) = (Double(channels), data.dimension / channels, 0.0)
        for outputs in convolution.channels {
            windows = max(windows / 4, 1)
            sum += 9 * inputs * Double(outputs) * Double(windows)
            inputs = Double(outputs)
        }
        return sum + inputs * Double(windows) * Double(training.features)
    }

    private static func operations(of training: TrainingStage) -> Double {
        let optimization = training.student.optimization, method = training.student.method
        let passes = method.forwardEquivalents(of: optimization) + method.rematerializedPasses(of: optimization)
        return forward(training.teacher.network, training.data) * rows(optimization) * passes
    }

    private static func rows(_ optimization: Optimization) -> Double {
        Double(optimization.steps) * Double(optimization.batch)
    }

    /// Operations of one sample's forward pass: two a weight.
    private static func forward(_ network: NetworkShape, _ data: DatasetSource) -> Double {
        2 * network.weightCount(dimension: data.dimension, image: data.image)
    }
}
