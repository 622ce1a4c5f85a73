import FlowMaps
import Results
import Specification
import Storage
import Study
import Tensors

/// What is left of a study on a card: hours, memory and disk, from its numbers alone. Nothing of it was measured on a card.
package struct CardEstimate: Sendable {
    private let card: GraphicsCard
    /// GPU-hours of all stages that are to be done.
    package let hours: Double
    /// Bytes that the largest training takes on the card.
    package let memory: Double
    /// Bytes that trainings and their checkpoints take on the disk.
    package let disk: Double

    /// The share of a card's peak that large products reach in well tuned trainings of transformers, about what PaLM reports
    /// (arXiv 2204.02311: 46 %).
    private static let share = 0.4

    package init(_ plan: Plan, on card: GraphicsCard) {
        self.card = card
        var (seconds, memory, disk) = (0.0, 0.0, 0.0)
        for stage in plan.pending.map(\.stage) {
            let peak = stage.precision == .mixed ? card.peak.mixed : card.peak.float32
            seconds += Estimate.operations(stage) / (Self.share * peak)
            guard case .training(let student) = stage else { continue }
            let size = TrainingSize(student.training)
            memory = max(memory, size.deviceBytes)
            disk += size.diskBytes(snapshots: student.snapshots.count)
        }
        (hours, self.memory, self.disk) = (seconds / 3600, memory, disk)
    }

    /// "On an NVIDIA H100 (SXM, 80 GB): about 310 GPU-hours at 40 % of its peak, 61 of 80 GB of memory, 45 GB of disk".
    package var text: String {
        func gigabytes(_ bytes: Double) -> String { NumberFormat.text((bytes / 1e8).rounded() / 10) }
        let room =
            memory > card.memory
            ? "; that is too much: raise optimization.accumulate, or set optimization.rematerialize" : ""
        return "On an \(card.title): about \(NumberFormat.text((hours * 10).rounded() / 10)) GPU-hours at "
            + "\(Int(100 * Self.share)) % of its peak, \(gigabytes(memory)) of \(gigabytes(card.memory)) GB of memory, "
            + "\(gigabytes(disk)) GB of disk; estimated, not measured\(room)."
    }
}

extension Stage {
    /// The precision of its products: evaluations sample in float32.
    fileprivate var precision: Precision {
        switch self {
        case .teacher(let stage): stage.training.training?.optimization.execution.precision ?? .float32
        case .classifier(let stage): stage.training.optimization.execution.precision
        case .training(let stage): stage.training.student.optimization.execution.precision
        case .reference, .run: .float32
        }
    }
}

/// Bytes of a student's training.
struct TrainingSize {
    private let training: TrainingStage
    /// Bytes of one copy of the network's weights.
    private let weights: Double

    init(_ training: TrainingStage) {
        self.training = training
        weights = 4 * training.network.leastParameters(dimension: training.data.dimension)
    }

    /// Weights, Adam's moments and the average.
    private static let copies = 4.0

    private var networks: Double { training.student.method.auxiliary == nil ? 1 : 2 }

    /// The states of student and auxiliary with a gradient each, the sums of parts, the teacher, and what the rows leave for the backward
    /// pass.
    var deviceBytes: Double {
        let optimization = training.student.optimization, method = training.student.method
        let sums = optimization.parts > 1 ? Double(method.terms.count) + networks - 1 : 0
        let state = weights * (networks * (Self.copies + 1) + sums + 1)
        let rows = zip(method.rows(of: optimization.batch), method.terms).reduce(0.0) { sum, term in
            sum + Double(term.0) * (term.1.term.target.hasTangent ? 2 : 1)
        }
        return state + rows / Double(optimization.parts) * rowBytes
    }

    /// By arXiv 2205.05198, Eq. 1: s h (34 + 5 a s / h) bytes a layer in 16 bits, twice as many in float32; of perceptrons their layers.
    /// With rematerialization each layer's input, and one layer at a time.
    private var rowBytes: Double { rowBytes(of: training.network) }

    private func rowBytes(of network: NetworkShape) -> Double {
        let data = training.data
        switch network {
        case .sit(let shape), .mpSiT(let shape):
            let channels = data.image?.channels ?? 1
            let tokens = Double(data.dimension / max(1, channels * shape.patch * shape.patch))
            let width = Double(shape.width), heads = Double(shape.heads)
            let layer = 2 * tokens * width * (34 + 5 * heads * tokens / width), depth = Double(shape.depth)
            return training.student.optimization.rematerialize ? 4 * depth * tokens * width + layer : depth * layer
        case .mlp, .mpMLP: return 16 * network.leastActivations
        case .preconditioned(_, let inner), .noisePrediction(_, let inner): return rowBytes(of: inner)
        }
    }

    /// Weights at the measured steps, the two that a run leaves, and checkpoints, of which a journal has up to three.
    func diskBytes(snapshots: Int) -> Double {
        weights * (Double(snapshots) + networks + 3 * networks * Self.copies)
    }
}

extension Target {
    /// A derivative along a direction is taken, whose values are stored beside the others.
    fileprivate var hasTangent: Bool {
        switch self {
        case .eulerian, .lagrangian(_, .jvp): true
        case .direct, .lagrangian, .secant, .semigroup, .consistency, .moments, .imitation, .score, .fisher: false
        }
    }
}
