import FlowMaps
import Storage

/// `DriftCurve` of a student after its training, beside that of the teacher's own one Euler step.
public struct Drift: Codable, Hashable, Sendable {
    /// δ, rising, in (0, 1].
    public let durations: [Double]
    /// The drift after each duration, not negative, of the student and of one Euler step.
    public let student, ceiling: [Double]

    /// A drift curve with its ceiling, both over the same durations.
    public init(durations: [Double], student: [Double], ceiling: [Double]) {
        precondition(
            durations.count == student.count && durations.count == ceiling.count,
            "\(durations.count) durations, \(student.count) and \(ceiling.count) drifts")
        (self.durations, self.student, self.ceiling) = (durations, student, ceiling)
    }
}

extension Drift {
    func write(to group: HDF5Group) throws {
        try group.writeScale("duration", durations)
        try group.write("student", student, shape: [student.count], dimensions: ["duration"])
        try group.write("ceiling", ceiling, shape: [ceiling.count], dimensions: ["duration"])
    }

    init(_ group: HDF5GroupReader) throws {
        let durations = try group.risingNumbers("duration")
        self.init(
            durations: durations, student: try group.numbers("student", count: durations.count),
            ceiling: try group.numbers("ceiling", count: durations.count))
    }
}
