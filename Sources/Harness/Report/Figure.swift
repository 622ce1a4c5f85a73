/// How numbers are written in tables, progress lines and reports: the same text for the same number in every locale.
public enum Figure {
    /// The powers of ten of a first digit that are written without an exponent: 0.0001 up to 999999.
    static let plainExponents = -4...5

    /// The number with `digits` significant digits.
    ///
    /// Digits before the point are all written, so that 1234.5 with 3 digits is "1235"; zeros at the end stay: 0.5 is
    /// "0.500". Below 0.0001 and from 1000000 on it is "1.23e-5" and "1.23e6". Zero is "0" of either sign; the rest
    /// are "nan", "inf" and "-inf". What is rounded, half away from zero, is the shortest decimal that reads back as
    /// the value: 2.675 becomes "2.68", although the stored number is a hair below.
    public static func text(_ value: Double, digits: Int = 3) -> String {
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

    /// A mean and its deviation, both to the place of the deviation's second digit: "12.35 ± 0.57".
    ///
    /// The mean gets at most two digits more than `digits`; a deviation that is then too small to be seen is written
    /// for itself: "0.12340 ± 1.0e-9". Very large or small ones share an exponent: "(1.230 ± 0.045)e-6".
    public static func text(
        mean: Double, deviation: Double, digits: Int = 3, lettering: Terminal.Lettering = .unicode
    ) -> String {
        precondition(digits > 0, "a number is written with \(digits) digits")
        let sign = lettering.plusMinus
        guard mean.isFinite, deviation.isFinite, deviation != 0 else {
            return "\(text(mean, digits: digits)) \(sign) \(text(deviation, digits: 2))"
        }
        let (center, spread) = (DecimalDigits(mean), DecimalDigits(deviation))
        let secondDigit = spread.rounded(toPlace: spread.exponent - 1).exponent - 1
        let lead = center.isZero ? spread.exponent : max(center.exponent, spread.exponent)
        var place = max(secondDigit, lead - digits - 1)
        if plainExponents.contains(lead) { place = min(place, 0) }
        let (mean, deviation) = (center.rounded(toPlace: place), spread.rounded(toPlace: place))
        guard !deviation.isZero else {
            return "\(text(mean, place: place, scale: lead)) \(sign) \(text(spread.value, digits: 2))"
        }
        guard !plainExponents.contains(lead) else {
            return "\(mean.text(decimals: -place)) \(sign) \(deviation.text(decimals: -place))"
        }
        let decimals = max(0, lead - place)
        let pair = [mean, deviation].map { $0.scaled(by: -lead).text(decimals: decimals) }
        return "(\(pair[0]) \(sign) \(pair[1]))e\(lead)"
    }

    /// A time as "0:45", "1:05" or "2:03:10", to the nearest second; "–" unless it is finite and below 1000 hours.
    public static func clock(seconds: Double, lettering: Terminal.Lettering = .unicode) -> String {
        guard seconds.isFinite, seconds < 3_600_000 else { return lettering.missing }
        let whole = Int(max(0, seconds).rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        func padded(_ part: Int) -> String { part < 10 ? "0\(part)" : "\(part)" }
        return hours > 0 ? "\(hours):\(padded(minutes)):\(padded(rest))" : "\(minutes):\(padded(rest))"
    }

    /// A rounded mean with its own exponent, where the deviation does not share it.
    private static func text(_ mean: DecimalDigits, place: Int, scale: Int) -> String {
        if plainExponents.contains(scale) { return mean.text(decimals: -place) }
        return mean.scaled(by: -scale).text(decimals: max(0, scale - place)) + "e\(scale)"
    }
}
