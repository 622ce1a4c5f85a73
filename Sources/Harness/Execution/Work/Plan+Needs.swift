import FlowMaps
import Results
import Storage
import Study

/// The memory and the disk that a plan needs, before anything runs.
extension Plan {
    /// The most memory that the runs to be done take at a time, in bytes, by their numbers: those of weights, batches and samples.
    package func memory(jobs: Int) -> Double {
        let each = pending.compactMap { item -> Double? in
            guard case .run(let stage) = item.stage else { return nil }
            return RunDemand(stage.run.specification).bytes + Self.processBytes
        }.sorted(by: >)
        return each.prefix(jobs).reduce(0, +)
    }

    /// A worker before it computes: the program, its kernels and OpenBLAS's buffers.
    private static let processBytes = 60e6

    /// The bytes that the stages to be done will leave on the disk: weights at each measured step, saved samples, curves.
    package var disk: Double { pending.reduce(0) { $0 + Self.disk(of: $1.stage) } }

    /// What a record has besides samples, with its journal and log, measured: 30 to 60 kB.
    private static let recordBytes = 60e3

    private static func disk(of stage: Stage) -> Double {
        let number = Double(MemoryLayout<Float>.stride)
        func weights(_ network: NetworkShape, _ data: DatasetSource) -> Double {
            number * network.weightCount(dimension: data.dimension, image: data.image)
        }
        switch stage {
        case .teacher(let stage): return weights(stage.training.network, stage.data)
        case .classifier: return recordBytes
        case .reference(let stage):
            // The samples and the noise that they are made of.
            return 2 * number * Double(stage.samples) * Double(stage.teacher.data.dimension)
        case .training(let student):
            let training = student.training
            return Double(student.snapshots.count) * weights(training.network, training.data)
        case .run(let stage):
            let specification = stage.run.specification, evaluation = specification.evaluation
            let dimension = Double(specification.data.dimension)
            let steps = Double(evaluation.measuredSteps(of: specification.student.optimization.steps).count)
            let rows =
                Double(evaluation.savedSamples) * Double(1 + specification.mapSteps.count)
                + Double(evaluation.sampleSnapshots ?? 0) * steps
            return recordBytes + rows * dimension * number + weights(specification.studentNetwork, specification.data)
        }
    }
}
