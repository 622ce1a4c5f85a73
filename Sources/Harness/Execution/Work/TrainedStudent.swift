import Tensors
import FlowMaps
import Foundation
import Results
import Storage
import Study

/// The product of a student's training in the cache: its weights at the steps that evaluations measure, its outcome,
/// and its cost.
struct TrainedStudent {
    let outcome: Record.Outcome
    /// The measurements of the training, at `Record.trainingPoints` steps.
    let training: Curves
    /// The numbers of the student's moving average, one parameter after the other, at each step that they were stored
    /// at.
    let snapshots: [(step: Int, numbers: [Float])]
    /// The numbers of the auxiliary network at the end; nil where the method has none, and where the training
    /// diverged.
    let auxiliary: [Float]?
    let spent: TrainingCheckpoint.Spent
    /// What computed the training, in one line; nil in products of earlier versions.
    let madeOn: String?

    private static let spentNames = ["trainingSeconds", "wallSeconds", "processorSeconds", "peakMemoryMiB"]

    func write(to root: HDF5Group) throws {
        switch outcome {
        case .done: try root.setAttribute("outcome", "done")
        case .diverged(let step, let cause):
            try root.setAttribute("outcome", "diverged")
            try root.setAttribute("failedStep", step)
            try root.setAttribute("failure", cause)
        }
        try root.setAttribute("started", spent.started.timeIntervalSinceReferenceDate)
        try root.setAttribute("interruptions", spent.interruptions)
        try root.setAttribute("trainingSeconds", spent.trainingSeconds)
        if let madeOn { try root.setAttribute("madeOn", madeOn) }
        try training.write(to: root.group("training"))
        let students = try root.group("students")
        try students.setAttribute("steps", snapshots.map { Double($0.step) })
        for (step, numbers) in snapshots { try students.write("step \(step)", numbers, shape: [numbers.count]) }
        if let auxiliary { try root.write("auxiliary", auxiliary, shape: [auxiliary.count]) }
    }

    /// Reads everything but the weights, which `student(at:in:)` reads one snapshot at a time.
    static func outline(_ root: HDF5GroupReader) throws -> TrainedStudent {
        let cost = try Cost(root) ?? Cost()
        var spent = TrainingCheckpoint.Spent(
            started: Date(timeIntervalSinceReferenceDate: try root.number("started")))
        spent.interruptions = Int(try root.number("interruptions"))
        spent.trainingSeconds = try root.number("trainingSeconds")
        (spent.wallSeconds, spent.processorSeconds) = (cost.wallSeconds, cost.processorSeconds)
        spent.peakMemory = cost.peakMemory
        let outcome: Record.Outcome =
            try root.string("outcome") == "diverged"
            ? .diverged(step: Int(try root.number("failedStep")), cause: try root.string("failure")) : .done
        return TrainedStudent(
            outcome: outcome, training: try Curves(root.group("training")),
            snapshots: try root.group("students").numbers("steps").map { (Int($0), []) },
            auxiliary: try root.datasetNames().contains("auxiliary") ? [] : nil, spent: spent,
            madeOn: try root.attributeNames().contains("madeOn") ? root.string("madeOn") : nil)
    }

    /// All of it with the weights at the end alone; nil where there are no others.
    static func final(_ root: HDF5GroupReader) throws -> TrainedStudent? {
        let whole = try outline(root)
        guard whole.snapshots.count > 1, let last = whole.snapshots.last else { return nil }
        let numbers = try root.group("students").read("step \(last.step)", as: Float.self).values
        return TrainedStudent(
            outcome: whole.outcome, training: whole.training, snapshots: [(last.step, numbers)],
            auxiliary: try whole.auxiliary.map { _ in try root.read("auxiliary", as: Float.self).values },
            spent: whole.spent, madeOn: whole.madeOn)
    }

    /// The network of a snapshot.
    /// - Parameters:
    ///   - network: one of the same shape, whose numbers are replaced.
    ///   - optimization: of the student; of averages that it stores the one that it requests is made.
    /// - Throws: `RecordError` where the file holds another number of weights.
    static func student(
        at step: Int, _ network: Network, _ optimization: Optimization, _ root: HDF5GroupReader
    ) throws -> Network {
        let group = try root.group("students"), count = network.parameterCount
        func kept(_ step: Int) throws -> [Float] { try group.read("step \(step)", as: Float.self).values }
        guard let averages = optimization.ema.stored else { return try filled(network, try kept(step), root) }
        let numbers = try averages.average(at: step, of: optimization.steps, numbers: count) { step in
            let values = try kept(step)
            guard values.count == averages.stored.count * count else {
                throw RecordError(
                    path: root.place.path, found: "\(values.count) weights at step \(step)",
                    allowed: "\(averages.stored.count * count), of \(averages.stored.count) averages")
            }
            return values
        }
        return try filled(network, numbers, root)
    }

    static func auxiliary(_ network: Network, _ root: HDF5GroupReader) throws -> Network {
        try filled(network, try root.read("auxiliary", as: Float.self).values, root)
    }

    private static func filled(_ network: Network, _ numbers: [Float], _ root: HDF5GroupReader) throws -> Network {
        guard numbers.count == network.parameterCount else {
            throw RecordError(
                path: root.place.path, found: "\(numbers.count) weights", allowed: "\(network.parameterCount)")
        }
        var place = 0
        return network.mapParameters { tensor in
            defer { place += tensor.shape.count }
            return Tensor(Array(numbers[place..<place + tensor.shape.count]), shape: tensor.shape)
        }
    }
}
