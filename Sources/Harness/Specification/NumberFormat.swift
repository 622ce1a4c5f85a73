/// How numbers are written in tables, progress lines and reports: the same text for the same number in every locale.
package enum NumberFormat {
    /// The powers of ten of a first digit that are written without an exponent: 0.0001 up to 999999.
    package static let plainExponents = -4...5

    /// The number with `digits` significant digits.
    ///
    /// Digits before the point are all written, so that 1234.5 with 3 digits is "1235"; zeros at the end stay: 0.5 is
    /// "0.500". Below 0.0001 and from 1000000 on it is "1.23e-5" and "1.23e6". Zero is "0" of either sign; the rest
    /// are "nan", "inf" and "-inf". What is rounded, half away from zero, is the shortest decimal that reads back as
    /// the value: 2.675 becomes "2.68", although the stored number is a hair below.
    package static func text(_ value: Double, digits: Int = 3) -> String {
        precondition(digits > 0, "a number is written with \(digits) digits")
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let decimal = DecimalDigits(value)
        guard !decimal.isZero else { return "0" }
        let plain = decimal.rounded(toPlace: min(0, decimal.exponent - digits + 1))
        if plainExponents.contains(plain.exponent) {
            // The exponent is that of the rounded number: 9.996 is 10.0, not 10.00.
            return plain.text(decimals: max(0, digits - 1 - plain.exponent))
        }
        let scientific = decimal.rounded(toPlace: decimal.exponent - digits + 1)
        return scientific.scaled(by: -scientific.exponent).text(decimals: digits - 1) + "e\(scientific.exponent)"
    }
}
