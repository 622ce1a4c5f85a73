import Tensors
import FlowMaps
import Storage

extension PostHocEMA {
    /// Writes the stored averages of a network: a row each, [snapshots · stored, numbers], those of the first step in
    /// the order of their widths, then those of the next.
    package func write(_ snapshots: [[Float]], of network: Network, steps: Int, to group: HDF5Group) throws {
        let numbers = network.parameterCount, rows = stored.count * snapshots.count
        try group.setAttribute("steps", self.steps(of: steps))
        try group.setAttribute("deviations", stored)
        try group.write("networks", snapshots.flatMap { $0 }, shape: [rows, numbers])
    }

    /// The requested average, computed from those stored.
    /// - Parameters:
    ///   - network: a network of the same shape; its numbers are ignored.
    ///   - steps: the steps of the whole training.
    /// - Throws: `RecordError` where the group contains averages of another shape.
    package func read(_ network: Network, steps: Int, from group: HDF5GroupReader) throws -> Network {
        let rows = try group.read("networks", as: Float.self)
        let shares = shares(of: steps), numbers = network.parameterCount
        guard rows.shape == [shares.count, numbers] else {
            throw RecordError(
                path: group.place.path, found: "averages of shape \(rows.shape)",
                allowed: "shape \([shares.count, numbers])")
        }
        var sum = [Double](repeating: 0, count: numbers)
        for (row, share) in shares.enumerated() where share != 0 {
            for index in 0..<numbers { sum[index] += share * Double(rows.values[row * numbers + index]) }
        }
        var place = 0
        return network.mapParameters { tensor in
            defer { place += tensor.shape.count }
            return Tensor(sum[place..<place + tensor.shape.count].map { Float($0) }, shape: tensor.shape)
        }
    }
}

extension PostHocEMA {
    /// The requested average at a step, computed from averages of one step after the other.
    /// - Parameter numbers: of one network; `stored` gives as many for each width, in their order.
    package func average(at step: Int, of steps: Int, numbers: Int, stored: (Int) throws -> [Float]) throws -> [Float] {
        let (kept, shares) = shares(at: step, of: steps), widths = self.stored.count
        var sum = [Double](repeating: 0, count: numbers)
        for (place, step) in kept.enumerated() {
            let own = shares[place * widths..<(place + 1) * widths]
            guard own.contains(where: { $0 != 0 }) else { continue }
            let values = try stored(step)
            for (row, share) in own.enumerated() where share != 0 {
                for index in 0..<numbers { sum[index] += share * Double(values[row * numbers + index]) }
            }
        }
        return sum.map { Float($0) }
    }
}

extension TrainState {
    /// The numbers of the averages that are kept, one network after the other.
    package var storedNumbers: [Float] { ([average] + averages).flatMap { $0.knownValues.joined() } }
}

extension TrainState<TeacherModel> {
    /// The numbers of the network's averages, one after the other.
    package var storedNumbers: [Float] {
        ([average] + averages).flatMap { $0.network.knownValues.joined() }
    }
}
