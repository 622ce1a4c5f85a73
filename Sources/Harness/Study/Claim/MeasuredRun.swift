/// A run that is over, as claims see it: its numbers, and where each stands.
package protocol MeasuredRun: Sendable {
    /// The run's place in its study.
    var point: String { get }
    /// The step at which the training diverged; nil where it did not.
    var divergence: Int? { get }
    /// All numbers of a score, in their order.
    func readings(of score: String) -> [ScoreReading]
}

/// A number of a score, and its place in the record.
package struct ScoreReading {
    package let number: Double
    /// The teacher's own score; nil where it has none.
    package let floor: Double?
    /// One for each axis that the score has in the record.
    package let coordinates: [SweepPoint.Coordinate]

    package init(number: Double, floor: Double?, coordinates: [SweepPoint.Coordinate]) {
        (self.number, self.floor, self.coordinates) = (number, floor, coordinates)
    }
}
