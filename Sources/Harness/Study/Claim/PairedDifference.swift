import Foundation

/// Paired differences: their mean with an interval, and its size relative to their spread. A paired t interval: each
/// difference is between runs of one seed, which share their noise.
public struct PairedDifference: Hashable, Sendable {
    /// The differences, one per seed.
    public let differences: [Double]
    /// The confidence of the interval, such as 0.95; a study of several claims requires more (Bonferroni).
    public let confidence: Double

    /// - Parameter differences: at least one; an interval needs two.
    public init(_ differences: [Double], confidence: Double) {
        precondition(!differences.isEmpty, "no differences")
        precondition(confidence > 0 && confidence < 1, "a confidence of \(confidence)")
        (self.differences, self.confidence) = (differences, confidence)
    }

    /// The mean of the differences.
    public var mean: Double { Spread(differences).mean }

    /// The standard deviation of the differences, with n − 1; NaN for one.
    public var deviation: Double { Spread(differences).deviation }

    /// The mean over the deviation (Cohen's d of paired samples); NaN for one difference.
    public var effect: Double { mean / deviation }

    /// The interval of the mean at the confidence; nil for one difference, which has no spread.
    public var interval: ClosedRange<Double>? {
        let count = differences.count
        guard count > 1, deviation.isFinite else { return nil }
        let half =
            StudentT(degrees: count - 1).quantile(0.5 + 0.5 * confidence) * deviation / Double(count).squareRoot()
        return (mean - half)...(mean + half)
    }

    /// The side of a threshold on which the mean lies.
    public enum Side: Hashable, Sendable { case below, above, unknown }

    /// The side of a threshold on which the whole interval lies; `unknown` where it contains the threshold.
    public func side(of threshold: Double) -> Side {
        guard let interval else { return .unknown }
        if interval.upperBound < threshold { return .below }
        return interval.lowerBound > threshold ? .above : .unknown
    }

    /// The number of seeds with which the mean, as it is now, would be distinguished from a threshold at least four
    /// times in five; nil where no number up to 1,000 suffices, or where one difference has no spread.
    public func seedsNeeded(against threshold: Double) -> Int? {
        let size = abs(mean - threshold) / deviation
        guard differences.count > 1, size.isFinite, size > 0 else { return nil }
        // The difference of the mean from the threshold must exceed the quantile of the interval and that of the power.
        func isEnough(_ count: Int) -> Bool {
            let distribution = StudentT(degrees: count - 1)
            let needed = distribution.quantile(0.5 + 0.5 * confidence) + distribution.quantile(Self.power)
            return size * Double(count).squareRoot() >= needed
        }
        guard isEnough(Self.most) else { return nil }
        var (few, enough) = (1, Self.most)
        while enough - few > 1 {
            let middle = (few + enough) / 2
            if isEnough(middle) { enough = middle } else { few = middle }
        }
        return enough
    }

    private static let most = 1_000
    private static let power = 0.8
}
