import Foundation

/// Student's t distribution of a number of degrees of freedom.
struct StudentT {
    /// At least 1.
    let degrees: Int

    init(degrees: Int) {
        precondition(degrees >= 1, "\(degrees) degrees of freedom")
        self.degrees = degrees
    }

    /// P(T ≤ t), to about 1e-14.
    func cumulative(_ t: Double) -> Double {
        let n = Double(degrees)
        // The tail beyond |t| is half the regularised incomplete beta function at n / (n + t²).
        let tail = 0.5 * regularisedBeta(n / (n + t * t), n / 2, 0.5)
        return t > 0 ? 1 - tail : tail
    }

    /// The t below which a share of the distribution lies, `share` in (0, 1).
    func quantile(_ share: Double) -> Double {
        precondition(share > 0 && share < 1, "a quantile at \(share)")
        if share < 0.5 { return -quantile(1 - share) }
        var low = 0.0, high = 1.0
        while cumulative(high) < share, high < 1e300 { (low, high) = (high, 2 * high) }
        while true {
            let middle = 0.5 * (low + high)
            if middle <= low || middle >= high { return middle }
            if cumulative(middle) < share { low = middle } else { high = middle }
        }
    }
}

/// I_x(a, b), by its continued fraction (DLMF 8.17.22), x in [0, 1].
private func regularisedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    // The fraction converges quickly on this side of the mean only.
    if x > (a + 1) / (a + b + 2) { return 1 - regularisedBeta(1 - x, b, a) }
    let factor = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return factor * betaFraction(x, a, b)
}

/// The continued fraction of I_x(a, b), by Lentz's method.
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func safe(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / safe(1 - (a + b) * x / (a + 1))
    var value = d
    for step in 1...500 {
        let m = Double(step)
        for term in [
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ] {
            d = 1 / safe(1 + term * d)
            c = safe(1 + term / c)
            value *= c * d
        }
        if abs(c * d - 1) < 1e-15 { break }
    }
    return value
}
