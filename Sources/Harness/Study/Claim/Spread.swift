/// The mean of some numbers and their sample standard deviation. Equal numbers have none at all, not that of a sum's rounding.
package struct Spread: Hashable, Sendable {
    package let mean: Double
    /// √(Σ(x − mean)² / (n − 1)); NaN for one number.
    package let deviation: Double

    /// - Parameter values: at least one; one that is not finite makes both so.
    package init(_ values: [Double]) {
        precondition(!values.isEmpty, "the spread of no numbers")
        let count = Double(values.count), origin = values[0]
        let mean = origin + values.reduce(0) { $0 + ($1 - origin) } / count
        self.mean = mean
        deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    }
}
