import FlowMaps
import Foundation
import Results

/// The complete state of an interrupted training: a training resumed from it ends in the same bits.
struct TrainingCheckpoint: Equatable {
    var trainer: TrainerSnapshot
    var course: Course
    var spent: Spent
    /// The kind of device that it was computed on; nil in checkpoints of earlier versions.
    var device: String?

    /// The results of a training so far: a run's measurements, a teacher's averages.
    struct Course: Equatable {
        var training = Curves()
        var evaluation = Curves()
        /// The samples of the last evaluation, as many as a record keeps, for each number of steps one after the other.
        var samples: [Float] = []
        /// The first samples of each evaluation, where a record keeps them.
        var overTraining: [[Float]] = []
        /// The numbers of a teacher's averages at each step at which they are stored.
        var averages: [[Float]] = []
    }

    /// The resources that earlier processes spent on it.
    struct Spent: Codable, Equatable {
        var started: Date
        var trainingSeconds = 0.0
        var wallSeconds = 0.0
        var processorSeconds = 0.0
        /// The peak memory in MiB.
        var peakMemory = 0.0
        /// The number of times it was resumed.
        var interruptions = 0
    }
}

/// A trainer's state, whatever it trains.
struct TrainerSnapshot: Equatable {
    var step: Int
    var tensors: [[Float]]
    var measured: [Float]
}

extension TrainingCheckpoint.Spent {
    /// The cost of one stage, over all attempts.
    var cost: Cost {
        Cost(pieces: 1, wallSeconds: wallSeconds, processorSeconds: processorSeconds, peakMemory: peakMemory)
    }
}

extension TrainingCheckpoint {
    /// The checkpoint as a binary property list, in which lists of numbers are their bytes: every bit is preserved,
    /// also of numbers that are not finite.
    func encoded() throws -> Data {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return try encoder.encode(Stored(self))
    }

    init(encoded data: Data) throws { self = try PropertyListDecoder().decode(Stored.self, from: data).checkpoint }

    private struct Stored: Codable {
        let step: Int
        let tensors: [Data]
        let measured: Data
        let training, evaluation: StoredCurves
        let samples: Data
        /// Nil in checkpoints of earlier versions.
        let overTraining: [Data]?
        /// Nil where none are stored.
        let averages: [Data]?
        let spent: Spent
        /// Nil in checkpoints of earlier versions.
        let device: String?

        init(_ checkpoint: TrainingCheckpoint) {
            step = checkpoint.trainer.step
            tensors = checkpoint.trainer.tensors.map(Data.init(numbers:))
            measured = Data(numbers: checkpoint.trainer.measured)
            training = StoredCurves(checkpoint.course.training)
            evaluation = StoredCurves(checkpoint.course.evaluation)
            samples = Data(numbers: checkpoint.course.samples)
            overTraining = checkpoint.course.overTraining.map(Data.init(numbers:))
            let stored = checkpoint.course.averages
            averages = stored.isEmpty ? nil : stored.map(Data.init(numbers:))
            (spent, device) = (checkpoint.spent, checkpoint.device)
        }

        var checkpoint: TrainingCheckpoint {
            TrainingCheckpoint(
                trainer: TrainerSnapshot(
                    step: step, tensors: tensors.map { $0.numbers() }, measured: measured.numbers()),
                course: Course(
                    training: training.curves, evaluation: evaluation.curves, samples: samples.numbers(),
                    overTraining: (overTraining ?? []).map { $0.numbers() },
                    averages: (averages ?? []).map { $0.numbers() }),
                spent: spent, device: device)
        }
    }

    private struct StoredCurves: Codable {
        let names: [String]
        let steps: [Int]
        let columns: [Data]

        init(_ curves: Curves) {
            (names, steps) = (curves.names, curves.steps)
            columns = curves.columns.map(Data.init(numbers:))
        }

        var curves: Curves {
            var curves = Curves(names: names)
            (curves.steps, curves.columns) = (steps, columns.map { $0.numbers() })
            return curves
        }
    }
}

extension Data {
    /// The bytes of numbers, in this machine's order, which is little-endian wherever this program runs.
    fileprivate init<Number: BitwiseCopyable>(numbers: [Number]) {
        self = numbers.withUnsafeBytes { Data($0) }
    }

    fileprivate func numbers<Number: BitwiseCopyable>() -> [Number] {
        let count = count / MemoryLayout<Number>.stride
        return [Number](unsafeUninitializedCapacity: count) { buffer, filled in
            _ = copyBytes(to: buffer)
            filled = count
        }
    }
}
