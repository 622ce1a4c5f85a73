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

    /// The name in titles: "Fréchet distance over training time".
    var noun: String {
        switch self {
        case .steps: "training"
        case .samples: "training samples"
        case .passes: "the cost of training"
        case .seconds: "training time"
        }
    }

    /// The amount of this measure in one step of a run.
    func perStep(_ record: Record) -> Double {
        let student = record.run.specification.student, optimization = student.optimization
        // A student in a file took no step.
        let steps = Double(max(1, optimization.steps))
        switch self {
        case .steps: return 1
        case .samples: return Double(optimization.batch)
        case .passes: return student.trainingCost / steps
        case .seconds: return record.provenance.trainingSeconds / steps
        }
    }

    /// The amount of this measure in a run's whole training.
    func total(_ record: Record) -> Double {
        perStep(record) * Double(record.run.specification.student.optimization.steps)
    }

    /// Whether the ratio of this measure to `other` varies between runs; if not, both axes draw the same curve.
    func tellsMore(than other: TrainingAxis, of records: [Record]) -> Bool {
        Set(records.map { perStep($0) / other.perStep($0) }).count > 1
    }
}
