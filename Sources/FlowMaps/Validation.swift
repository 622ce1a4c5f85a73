/// A value that knows which of its settings make sense.
///
/// Decoding a study calls `validate()` on each value as soon as it is complete, and adds the file, line and key path to
/// a violation; code that builds a value by hand may call it too.
public protocol Validated {
    /// Checks the ranges of the value's own settings (parts that are themselves `Validated` are checked on their own).
    func validate() throws(Violation)
}

/// The error of a setting outside its range: the key, the value found, the values allowed.
public struct Violation: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the setting as it is written in a study, dotted for a nested one; nil means the whole value.
    public let key: String?
    /// The value found, in words or digits.
    public let found: String
    /// The allowed values, in words: "at least 0".
    public let allowed: String

    /// A setting with its value and the allowed values.
    public init(key: String?, found: String, allowed: String) {
        self.key = key
        self.found = found
        self.allowed = allowed
    }

    /// The same violation of a setting within another.
    public func under(_ prefix: String) -> Violation {
        Violation(key: [prefix, key].compactMap { $0 }.joined(separator: "."), found: found, allowed: allowed)
    }

    /// The key, the value found and the allowed values.
    public var description: String {
        "\(key.map { "\($0): " } ?? "")found \(found), allowed: \(allowed)"
    }
}

extension Validated {
    /// Refuses `value` unless `isAllowed`; `allowed` says in words what would be.
    public func require(
        _ isAllowed: Bool, _ key: String? = nil, found value: some Any, allowed: String
    ) throws(Violation) {
        if let recorder = RangeRecorder.current { return recorder.note(key, allowed) }
        if !isAllowed { throw Violation(key: key, found: "\(value)", allowed: allowed) }
    }

    /// Refuses a value outside `lower...upper`; NaN is outside every range.
    public func require<Value: Comparable>(
        _ value: Value, _ key: String, in range: ClosedRange<Value>
    ) throws(Violation) {
        let allowed = "from \(range.lowerBound) to \(range.upperBound)"
        try require(range.contains(value), key, found: value, allowed: allowed)
    }

    /// Refuses a value outside `lower..<upper`.
    public func require<Value: Comparable>(_ value: Value, _ key: String, in range: Range<Value>) throws(Violation) {
        let allowed = "from \(range.lowerBound) to less than \(range.upperBound)"
        try require(range.contains(value), key, found: value, allowed: allowed)
    }

    /// Refuses a value outside `lower...`.
    public func require<Value: Comparable>(
        _ value: Value, _ key: String, in range: PartialRangeFrom<Value>
    ) throws(Violation) {
        try require(range.contains(value), key, found: value, allowed: "at least \(range.lowerBound)")
    }

    /// Refuses a value outside `...upper`.
    public func require<Value: Comparable>(
        _ value: Value, _ key: String, in range: PartialRangeThrough<Value>
    ) throws(Violation) {
        try require(range.contains(value), key, found: value, allowed: "at most \(range.upperBound)")
    }

    /// Refuses a value outside `..<upper`.
    public func require<Value: Comparable>(
        _ value: Value, _ key: String, in range: PartialRangeUpTo<Value>
    ) throws(Violation) {
        try require(range.contains(value), key, found: value, allowed: "less than \(range.upperBound)")
    }

    /// Refuses a number that is not above zero.
    public func positive<Value: Comparable & Numeric>(_ value: Value, _ key: String) throws(Violation) {
        try require(value > .zero, key, found: value, allowed: "more than 0")
    }

    /// Refuses a value below `lower` or above `upper`, and says the bound that it is beyond: the upper one is nobody's business until then.
    public func require<Value: Comparable>(
        _ value: Value, _ key: String, atLeast lower: Value, atMost upper: Value
    ) throws(Violation) {
        try require(value >= lower, key, found: value, allowed: "at least \(lower)")
        try require(value <= upper, key, found: value, allowed: "at most \(upper)")
    }

    /// Refuses a number that float32 rounds to infinity, or to 0 where it is none.
    private func computable(_ value: Double, _ key: String) throws(Violation) {
        try require(
            value == 0 || (1e-37...1e37).contains(value.magnitude), key, found: value,
            allowed: "0, or of a size from 1e-37 to 1e37, as float32 can compute with")
    }

    /// Refuses a number below `lower`, and one that float32 cannot compute with.
    public func require(
        _ value: Double, _ key: String, in range: PartialRangeFrom<Double>
    ) throws(Violation) {
        try require(range.contains(value), key, found: value, allowed: "at least \(range.lowerBound)")
        try computable(value, key)
    }

    /// Refuses a number that is not above zero, and one that float32 cannot compute with.
    public func positive(_ value: Double, _ key: String) throws(Violation) {
        try require(value > 0, key, found: value, allowed: "more than 0")
        try computable(value, key)
    }

    /// Refuses a number outside [0, 1].
    public func probability<Value: BinaryFloatingPoint>(_ value: Value, _ key: String) throws(Violation) {
        try require((0...1).contains(value), key, found: value, allowed: "from 0 to 1")
    }

    /// Refuses an empty list, name or table.
    public func nonEmpty(_ value: some Collection, _ key: String) throws(Violation) {
        try require(!value.isEmpty, key, found: "nothing", allowed: "at least one entry")
    }
}
