/// The measurements a claim speaks of: each run of the study with its record, or why it has no number.
struct ClaimSample {
    struct Measurement {
        let run: any Placed
        let record: Record?
    }

    let measurements: [Measurement]

    /// - Parameters:
    ///   - runs: all that the study names, done or not.
    ///   - records: of those that are done.
    init(runs: [any Placed], records: [Record]) {
        let byPoint = Dictionary(records.map { ($0.run.point, $0) }, uniquingKeysWith: { first, _ in first })
        measurements = runs.map { Measurement(run: $0, record: byPoint[$0.point]) }
    }

    private init(_ measurements: [Measurement]) { self.measurements = measurements }

    /// Those of an arm: of every run that has the named values, whatever its others.
    func selecting(_ arm: [String: String]) -> ClaimSample {
        ClaimSample(measurements.filter { measurement in arm.allSatisfy { measurement.run.has($0.value, on: $0.key) } })
    }

    /// Why runs have no number, a word for the first few; nil where all have one.
    func gap(_ metric: String) -> String? {
        let gaps = measurements.compactMap { measurement -> String? in
            guard let record = measurement.record else { return "\(measurement.run.point) has no record" }
            if case .diverged(let step, _) = record.outcome {
                return "\(measurement.run.point) diverged at step \(step)"
            }
            return record.evaluation.last[metric]?.isFinite == true
                ? nil : "\(measurement.run.point) has no finite \(metric)"
        }
        guard !gaps.isEmpty else { return measurements.isEmpty ? "no run is of this arm" : nil }
        return gaps.prefix(2).joined(separator: ", ") + (gaps.count > 2 ? " and \(gaps.count - 2) more" : "")
    }

    /// The numbers of each group of runs that differ only in the named axes, the groups in the study's order.
    func values(_ metric: String, apartFrom axes: [String]) -> [(key: [SweepPoint.Coordinate], values: [Value])] {
        var groups: [(key: [SweepPoint.Coordinate], values: [Value])] = []
        for measurement in measurements {
            guard let record = measurement.record, let number = record.evaluation.last[metric] else { continue }
            let coordinates = measurement.run.coordinates
            let key = coordinates.filter { !axes.contains($0.axis) }
            let value = Value(
                number: number, floor: record.reference.floor[ScoreName(metric).metric],
                place: coordinates.first { axes.contains($0.axis) }?.number)
            if let index = groups.firstIndex(where: { $0.key == key }) {
                groups[index].values.append(value)
            } else {
                groups.append((key, [value]))
            }
        }
        return groups
    }

    struct Value {
        let number: Double
        /// What the teacher itself scores.
        let floor: Double?
        /// Along the axis that the groups leave out.
        let place: Double?
    }
}

extension Placed {
    /// Whether it has a value on an axis, written in whatever way: 0.50 is 0.5.
    func has(_ label: String, on axis: String) -> Bool {
        coordinates.contains { coordinate in
            coordinate.axis == axis
                && (coordinate.label == label || (coordinate.number != nil && coordinate.number == Double(label)))
        }
    }
}
