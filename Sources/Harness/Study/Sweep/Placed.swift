/// A value with a name and coordinates in a study's sweep.
public protocol Placed: Sendable {
    /// The folder's name, `objective=combined,seed=0`.
    var point: String { get }
    /// The value of each axis that applies.
    var coordinates: [SweepPoint.Coordinate] { get }
}

extension Run: Placed {}

extension Placed {
    /// The value has this label on an axis, in any notation: 0.50 is 0.5.
    package func has(_ label: String, on axis: String) -> Bool {
        coordinates.contains { $0.axis == axis && $0.is(label) }
    }
}

extension SweepPoint.Coordinate {
    /// The coordinate has this value, in any notation.
    package func `is`(_ label: String) -> Bool {
        if self.label == label { return true }
        guard let number, let other = Double(label) else { return false }
        return abs(number - other) <= Self.rounding * abs(number)
    }

    /// The relative rounding by which computed values, such as 1 − 0.7, may differ from written ones.
    private static let rounding = 1e-9
}
