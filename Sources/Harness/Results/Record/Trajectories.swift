import FlowMaps
import Storage

/// The trajectories of the first samples from noise to data: the teacher's path x(1 − δ), and the points f(z, 1, 1 −
/// δ) of the student's map.
public struct Trajectories: Hashable, Sendable {
    /// δ, rising from 0, where both are at the noise.
    public let durations: [Double]
    /// [count · dimension], a list a duration.
    public let student, teacher: [[Float]]
    /// The length of one sample.
    public let dimension: Int

    /// Trajectories of student and teacher over the same durations.
    public init(durations: [Double], student: [[Float]], teacher: [[Float]], dimension: Int) {
        precondition(
            !durations.isEmpty && durations.count == student.count && durations.count == teacher.count
                && Set((student + teacher).map(\.count)).count == 1,
            "\(durations.count) durations, \(student.map(\.count)) and \(teacher.map(\.count)) numbers")
        (self.durations, self.student, self.teacher) = (durations, student, teacher)
        self.dimension = dimension
    }

    /// The number of trajectories.
    public var count: Int { teacher[0].count / dimension }
}

extension Trajectories {
    func write(to group: HDF5Group) throws {
        try group.writeScale("duration", durations)
        try group.writeScale("sample", count: count)
        try group.writeScale("element", count: dimension)
        for (name, states) in [("student", student), ("teacher", teacher)] {
            try group.write(
                name, states.flatMap { $0 }, shape: [durations.count, count, dimension],
                dimensions: ["duration", "sample", "element"])
        }
    }

    init(_ group: HDF5GroupReader) throws {
        let durations = try group.risingNumbers("duration"), shape = try group.block("student", rank: 3).shape
        guard durations.count == shape[0] else {
            throw group.refusal("\(durations.count) durations", "\(shape[0]), one a block of states")
        }
        func states(_ name: String) throws -> [[Float]] {
            let all = try group.block(name, shape).values, size = shape[1] * shape[2]
            return durations.indices.map { Array(all[$0 * size..<($0 + 1) * size]) }
        }
        self.init(
            durations: durations, student: try states("student"), teacher: try states("teacher"),
            dimension: shape[2])
    }
}
