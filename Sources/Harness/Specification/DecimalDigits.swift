/// The decimal digits of a finite number: d₀.d₁d₂… · 10^exponent, d₀ not zero unless the number is.
package struct DecimalDigits {
    private let isNegative: Bool
    /// Each 0...9; none for zero.
    private let digits: [Int]
    /// The power of ten of the first digit; 0 for zero.
    package let exponent: Int
    /// The number the digits were read from, before any rounding.
    package let value: Double

    package var isZero: Bool { digits.isEmpty }

    /// The shortest digits that read back as `value`, which is finite.
    package init(_ value: Double) {
        // Swift's description is that shortest decimal, in one of the forms 0.00012, 12.0, 1e+16, 1.2e-07.
        let parts = value.magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let written = mantissa.joined().map { $0.wholeNumberValue ?? 0 }
        let zeros = written.prefix { $0 == 0 }.count
        let shift = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        self.init(
            isNegative: value < 0, digits: Array(written.dropFirst(zeros)),
            exponent: mantissa[0].count - 1 - zeros + shift, value: value)
    }

    private init(isNegative: Bool, digits: [Int], exponent: Int, value: Double) {
        self.isNegative = isNegative
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        self.value = value
    }

    /// The number to the nearest multiple of 10^place, half away from zero.
    package func rounded(toPlace place: Int) -> DecimalDigits {
        let kept = exponent - place + 1
        guard !isZero, kept < digits.count else { return self }
        guard kept >= 0 else { return with(digits: [], exponent: 0) }
        // A zero in front takes the carry of 9.99 → 10.
        var result = [0] + digits.prefix(kept)
        if digits[kept] >= 5 {
            var index = kept
            while result[index] == 9 {
                result[index] = 0
                index -= 1
            }
            result[index] += 1
        }
        if result[0] > 0 { return with(digits: result, exponent: exponent + 1) }
        return with(digits: Array(result.dropFirst()), exponent: exponent)
    }

    /// The number times 10^power.
    package func scaled(by power: Int) -> DecimalDigits { with(digits: digits, exponent: exponent + power) }

    /// The number without an exponent; digits beyond `decimals` behind the point are cut off, not rounded.
    package func text(decimals: Int) -> String {
        func digit(at place: Int) -> Character {
            let index = exponent - place
            return digits.indices.contains(index) ? Character("\(digits[index])") : "0"
        }
        let whole = String(stride(from: max(exponent, 0), through: 0, by: -1).map(digit))
        let sign = isNegative && !isZero ? "-" : ""
        guard decimals > 0 else { return sign + whole }
        return sign + whole + "." + String((1...decimals).map { digit(at: -$0) })
    }

    private func with(digits: [Int], exponent: Int) -> DecimalDigits {
        DecimalDigits(isNegative: isNegative, digits: digits, exponent: exponent, value: value)
    }
}
