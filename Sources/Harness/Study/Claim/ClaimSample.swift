/// The measurements that a claim is about: each run of the study with its record, or the reason why it has no number.
package struct ClaimSample {
    package struct Measurement {
        let run: any Placed
        let record: (any MeasuredRun)?
    }

    package let measurements: [Measurement]
    /// The axes of the study, which precede those within records.
    private let axes: Set<String>
    /// The chosen values of axes within records.
    private var places: [String: String] = [:]

    /// - Parameters:
    ///   - runs: all runs that the study names, done or not.
    ///   - records: the records of those that are done.
    package init(runs: [any Placed], records: [any MeasuredRun]) {
        let byPoint = Dictionary(records.map { ($0.point, $0) }, uniquingKeysWith: { first, _ in first })
        measurements = runs.map { Measurement(run: $0, record: byPoint[$0.point]) }
        axes = Set(runs.flatMap { $0.coordinates.map(\.axis) })
    }

    private init(_ measurements: [Measurement], of other: ClaimSample) {
        (self.measurements, axes, places) = (measurements, other.axes, other.places)
    }

    /// The sample of an arm: every run with the named values, at the named places within its record.
    package func selecting(_ arm: [String: String]) -> ClaimSample {
        let own = arm.filter { axes.contains($0.key) || RecordAxis(rawValue: $0.key) == nil }
        var result = keeping { run in own.allSatisfy { run.has($0.value, on: $0.key) } }
        result.places.merge(arm.filter { own[$0.key] == nil }) { $1 }
        return result
    }

    /// The sample of some runs.
    package func keeping(_ isKept: (any Placed) -> Bool) -> ClaimSample {
        ClaimSample(measurements.filter { isKept($0.run) }, of: self)
    }

    /// The samples of the runs at each value of an axis, labelled "sharedSeed=1"; the whole, without a label, where the axis is nil.
    package func parts(by axis: String?) -> [(label: String?, sample: ClaimSample)] {
        guard let axis else { return [(nil, self)] }
        var seen: [SweepPoint.Coordinate] = []
        for coordinate in measurements.compactMap({ $0.run.coordinates.first { $0.axis == axis } })
        where !seen.contains(coordinate) { seen.append(coordinate) }
        return seen.map { value in
            ("\(axis)=\(value.label)", keeping { $0.coordinates.contains(value) })
        }
    }

    /// The reasons why runs have no number, for the first few; nil where all have one.
    /// - Parameter axis: the axis along which every number counts.
    package func gap(_ metric: String, along axis: String?) -> String? {
        let gaps = measurements.compactMap { measurement -> String? in
            guard let record = measurement.record else { return "\(measurement.run.point) has no record" }
            if let step = record.divergence {
                return "\(measurement.run.point) diverged at step \(step)"
            }
            let found = readings(metric, in: record, along: axis)
            return !found.isEmpty && found.allSatisfy(\.number.isFinite)
                ? nil : "\(measurement.run.point) has no finite \(metric)\(placeText)"
        }
        guard !gaps.isEmpty else { return measurements.isEmpty ? "no run is of this arm" : nil }
        return gaps.prefix(2).joined(separator: ", ") + (gaps.count > 2 ? " and \(gaps.count - 2) more" : "")
    }

    private var placeText: String {
        places.isEmpty
            ? "" : " at " + places.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// The numbers of each group of runs that differ only in the named axes, the groups in the study's order.
    /// - Parameter line: the axis along which the numbers of a group vary, if any.
    package func values(
        _ metric: String, apartFrom axes: [String], along line: String? = nil
    ) -> [(key: [SweepPoint.Coordinate], values: [Value])] {
        var groups: [(key: [SweepPoint.Coordinate], values: [Value])] = []
        for measurement in measurements {
            guard let record = measurement.record else { continue }
            let coordinates = measurement.run.coordinates
            let key = coordinates.filter { !axes.contains($0.axis) }
            let values = readings(metric, in: record, along: line).map { reading in
                Value(
                    number: reading.number, floor: reading.floor,
                    place: (coordinates + reading.coordinates).first { $0.axis == line }?.number)
            }
            if let index = groups.firstIndex(where: { $0.key == key }) {
                groups[index].values += values
            } else {
                groups.append((key, values))
            }
        }
        return groups
    }

    /// The numbers of a record at the chosen places: all along a line; on other axes within the record, the last.
    private func readings(_ metric: String, in record: any MeasuredRun, along line: String?) -> [ScoreReading] {
        let all = record.readings(of: metric)
        guard let last = all.last else { return [] }
        return all.filter { reading in
            zip(reading.coordinates, last.coordinates).allSatisfy { coordinate, last in
                if axes.contains(coordinate.axis) { return coordinate == last }
                if let place = places[coordinate.axis] { return coordinate.is(place) }
                return coordinate.axis == line || coordinate == last
            }
        }
    }

    package struct Value {
        package let number: Double
        /// The teacher's own score.
        package let floor: Double?
        /// The value on the axis along which the numbers vary.
        package let place: Double?
    }
}
