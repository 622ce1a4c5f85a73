import FlowMaps
import Results
import Study

extension TrainingAxis {
    var label: String {
        switch self {
        case .steps: "training steps"
        case .samples: "training samples"
        case .passes: "training cost (forward passes of one sample)"
        case .seconds: "training time (s)"
        }
    }

    /// In titles: "Fréchet distance over training time".
    var noun: String {
        switch self {
        case .steps: "training"
        case .samples: "training samples"
        case .passes: "the cost of training"
        case .seconds: "training time"
        }
    }

    /// How much of it a step of a run is.
    func perStep(_ record: Record) -> Double {
        let student = record.run.specification.student, optimization = student.optimization
        switch self {
        case .steps: return 1
        case .samples: return Double(optimization.batch)
        case .passes: return student.trainingCost / Double(optimization.steps)
        case .seconds: return record.provenance.trainingSeconds / Double(optimization.steps)
        }
    }

    /// How much of it a run's whole training is.
    func total(_ record: Record) -> Double {
        perStep(record) * Double(record.run.specification.student.optimization.steps)
    }

    /// Whether runs differ in how much of it they take for the same of another.
    func tellsMore(than other: TrainingAxis, of records: [Record]) -> Bool {
        Set(records.map { perStep($0) / other.perStep($0) }).count > 1
    }
}
