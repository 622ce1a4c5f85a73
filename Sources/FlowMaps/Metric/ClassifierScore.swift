import Foundation

/// The confidence of a classifier about samples and the evenness of their classes: exp of the mean over samples of
/// KL(p(class | sample) ‖ p(class)), from 1 to the number of classes.
///
/// 1 exactly when every sample has the same probabilities; the number of classes when each is certain and all are
/// equally frequent. The formula is that of the Inception score (Salimans et al., arXiv 1606.03498) without its
/// splits; with another classifier it is not an Inception score.
public struct ClassifierScore: Sendable {
    /// The number of classes.
    public let classCount: Int

    /// The score over a number of classes.
    public init(classCount: Int) {
        precondition(classCount > 0, "a score over \(classCount) classes")
        self.classCount = classCount
    }

    /// The score of logits `[count × classCount]`, row-major, at least one row; NaN where one is not finite.
    public func callAsFunction(_ logits: [Float]) -> Double {
        precondition(
            !logits.isEmpty && logits.count.isMultiple(of: classCount),
            "logits of \(classCount) classes, given \(logits.count) numbers")
        let count = logits.count / classCount
        var marginal = [Double](repeating: 0, count: classCount)
        var certainty = 0.0
        for row in 0..<count {
            let row = logits[row * classCount..<(row + 1) * classCount].map(Double.init)
            guard row.allSatisfy(\.isFinite) else { return .nan }
            let peak = row.max()!
            let normaliser = peak + log(row.reduce(0) { $0 + exp($1 - peak) })
            for (index, logit) in row.enumerated() {
                let share = exp(logit - normaliser)
                marginal[index] += share / Double(count)
                certainty += share * (logit - normaliser)
            }
        }
        let entropy = -marginal.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
        return exp(certainty / Double(count) + entropy)
    }
}

extension Metric {
    /// `ClassifierScore`, of the classifier.
    public static let classifierScore = Metric(
        "classifierScore", comparing: .none, on: .features, needs: .classifier,
        by: Scoring("classifierScore") { _ in
            { samples in
                guard let logits = samples.logits, let classCount = samples.classCount else { return nil }
                return [ClassifierScore(classCount: classCount)(logits)]
            }
        })
}
