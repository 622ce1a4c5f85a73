import Storage

/// The student's first samples at each evaluation of its training, from the same noise each time.
public struct SampleSnapshots: Hashable, Sendable {
    /// The steps of the training, rising.
    public let steps: [Int]
    /// [count · dimension], a list a step.
    public let values: [[Float]]
    /// The length of one sample.
    public let dimension: Int

    /// Samples at several steps, as many at each.
    public init(steps: [Int], values: [[Float]], dimension: Int) {
        precondition(
            !values.isEmpty && steps.count == values.count && Set(values.map(\.count)).count == 1
                && values[0].count.isMultiple(of: dimension),
            "\(steps.count) steps, lists of \(values.map(\.count)) numbers for a dimension of \(dimension)")
        (self.steps, self.values, self.dimension) = (steps, values, dimension)
    }

    /// The number of samples at each step.
    public var count: Int { values[0].count / dimension }
}

extension SampleSnapshots {
    func write(to group: HDF5Group) throws {
        try group.writeScale("step", steps.map(Int64.init))
        try group.writeScale("sample", count: count)
        try group.writeScale("element", count: dimension)
        try group.write(
            "student", values.flatMap { $0 }, shape: [steps.count, count, dimension],
            dimensions: ["step", "sample", "element"])
    }

    init(_ group: HDF5GroupReader) throws {
        let student = try group.block("student", rank: 3), size = student.shape[1] * student.shape[2]
        let steps = try group.read("step", as: Int64.self).values.map(Int.init)
        guard steps.count == student.shape[0] else {
            throw group.refusal("\(steps.count) steps", "\(student.shape[0]), one a block of samples")
        }
        self.init(
            steps: steps,
            values: (0..<student.shape[0]).map { Array(student.values[$0 * size..<($0 + 1) * size]) },
            dimension: student.shape[2])
    }
}
