import FlowMaps
import Storage

/// The least memory that a run can be computed in, from its numbers alone: it is computed in floating point, which does not overflow.
package struct RunDemand: Sendable {
    /// What takes most of the memory, in words, and the bytes that it takes.
    package struct Part: Sendable {
        /// The key that it hangs on.
        package let key: String
        package let bytes: Double
    }

    /// The largest first.
    package let parts: [Part]

    package var bytes: Double { parts.reduce(0) { $0 + $1.bytes } }

    /// No machine has so much.
    static let mostBytes = 0x1p44

    /// Copies of the weights in a training: the weights, Adam's two moments, the average and the gradient.
    private static let copies = 5.0

    package init(_ run: RunSpecification) {
        let data = run.data, number = Double(MemoryLayout<Float>.stride)
        let dimension = Double(data.dimension)
        func block(_ count: Int, _ key: String) -> Part {
            Part(key: key, bytes: Double(count) * dimension * number)
        }
        func weights(_ shape: NetworkShape, _ key: String) -> Part {
            Part(key: key, bytes: Self.copies * number * shape.leastParameters(dimension: data.dimension))
        }
        func rows(_ optimization: Optimization, _ shape: NetworkShape, _ key: String) -> Part {
            // A state and its target, and what each layer leaves for the backward pass.
            let perRow = 2 * dimension + shape.leastActivations
            return Part(key: key, bytes: Double(optimization.batch) * perRow * number)
        }
        var parts = [
            rows(run.student.optimization, run.teacher.network, "student.optimization.batch"),
            block(3 * run.evaluation.samples, "evaluation.samples"),
            weights(run.teacher.network, "teacher.network"),
        ]
        if let training = run.teacher.training, !run.teacher.isExact {
            parts.append(rows(training.optimization, training.network, "teacher.optimization.batch"))
        }
        if let snapshots = run.evaluation.sampleSnapshots {
            let counts = run.evaluation.measuredSteps(of: run.student.optimization.steps).count
            parts.append(
                Part(
                    key: "evaluation.sampleSnapshots",
                    bytes: Double(snapshots) * Double(counts) * dimension * number))
        }
        for (key, source) in [("data", data), (RunSpecification.studentDataKey, run.studentData)] {
            if let planar = source?.format as? PlanarFormat { parts.append(block(planar.count, "\(key).planar.count")) }
        }
        for (key, term) in run.student.method.written {
            guard case .teacherSamples(let count, _, _) = term.states else { continue }
            parts.append(block(2 * count, "\(key).states.teacherSamples.count"))
        }
        self.parts = parts.sorted { $0.bytes > $1.bytes }
    }
}

extension RunSpecification {
    /// Refuses what no machine could compute.
    func checkDemand() throws(Violation) {
        // A checkpoint's network is known once its file was looked at.
        guard teacher.knownNetwork != nil else { return }
        let demand = RunDemand(self)
        guard demand.bytes > RunDemand.mostBytes, let largest = demand.parts.first else { return }
        throw Violation(
            key: largest.key, found: "numbers that would need \(RegularFile.text(bytes: largest.bytes))",
            allowed: "runs that need at most \(RegularFile.text(bytes: RunDemand.mostBytes)) in all")
    }
}
