/// The mean of some numbers and their sample standard deviation. Equal numbers have none at all, not that of a sum's rounding.
struct Spread: Hashable, Sendable {
    let mean: Double
    /// √(Σ(x − mean)² / (n − 1)); NaN for one number.
    let deviation: Double

    /// - Parameter values: at least one; one that is not finite makes both so.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "the spread of no numbers")
        let count = Double(values.count), origin = values[0]
        let mean = origin + values.reduce(0) { $0 + ($1 - origin) } / count
        self.mean = mean
        deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    }
}
