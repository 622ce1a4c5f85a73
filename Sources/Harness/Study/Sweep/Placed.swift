/// What has a name and a place in a study's sweep.
public protocol Placed: Sendable {
    /// The folder's name, `objective=combined,seed=0`.
    var point: String { get }
    var coordinates: [SweepPoint.Coordinate] { get }
}

extension Run: Placed {}

extension Placed {
    /// Whether it has a value on an axis, written in whatever way: 0.50 is 0.5.
    package func has(_ label: String, on axis: String) -> Bool {
        coordinates.contains { $0.axis == axis && $0.is(label) }
    }
}

extension SweepPoint.Coordinate {
    /// Whether this is a value, written in whatever way.
    package func `is`(_ label: String) -> Bool {
        if self.label == label { return true }
        guard let number, let other = Double(label) else { return false }
        return abs(number - other) <= Self.rounding * abs(number)
    }

    /// Places that are computed, as 1 − 0.7, differ from those that are written by their rounding.
    private static let rounding = 1e-9
}
