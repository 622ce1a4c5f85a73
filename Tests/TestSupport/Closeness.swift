/// The largest difference between two lists of numbers, relative to the largest of the expected (or to 1 if that is smaller).
public func relativeDifference(_ found: [Double], _ expected: [Double]) -> Double {
    precondition(found.count == expected.count, "\(found.count) numbers are compared with \(expected.count)")
    let scale = max(1, expected.map(abs).max() ?? 1)
    return zip(found, expected).map { $0 == $1 ? 0 : abs($0 - $1) / scale }.reduce(0) {
        $1.isNaN ? .infinity : max($0, $1)
    }
}

extension [Float] {
    /// The same numbers in float64.
    public var doubles: [Double] { map(Double.init) }
}

extension [Double] {
    /// The numbers rounded to float32.
    public var floats: [Float] { map(Float.init) }
}
