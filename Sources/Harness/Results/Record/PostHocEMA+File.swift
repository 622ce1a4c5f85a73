import Tensors
import FlowMaps
import Storage

extension PostHocEMA {
    /// Writes what was stored of a network on the way: a row each, [snapshots · stored, numbers], of the first step in the order of
    /// their deviations, then of the next.
    package func write(_ snapshots: [[Float]], of network: Network, steps: Int, to group: HDF5Group) throws {
        let numbers = network.parameterCount, rows = stored.count * snapshots.count
        try group.setAttribute("steps", self.steps(of: steps))
        try group.setAttribute("deviations", stored)
        try group.write("networks", snapshots.flatMap { $0 }, shape: [rows, numbers])
    }

    /// The average that is wanted, made of those stored.
    /// - Parameters:
    ///   - network: of the same shape; its numbers are not looked at.
    ///   - steps: of the whole training.
    /// - Throws: `RecordError` where the group holds others.
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

extension TrainState<TeacherModel> {
    /// The numbers of the network's averages, one after the other.
    package var storedNumbers: [Float] {
        ([average] + averages).flatMap { $0.network.knownValues.joined() }
    }
}
