import Specification

extension NumberFormat {
    /// A mean and its deviation, both to the place of the deviation's second digit: "12.35 ± 0.57".
    ///
    /// The mean gets at most two digits more than `digits`; a deviation that is then too small to be seen is written
    /// for itself: "0.12340 ± 1.0e-9". Very large or small ones share an exponent: "(1.230 ± 0.045)e-6".
    package static func text(
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
    package static func clock(seconds: Double, lettering: Terminal.Lettering = .unicode) -> String {
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
