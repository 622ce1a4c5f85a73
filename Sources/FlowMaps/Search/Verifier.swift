import Foundation

/// The score by which a search chooses among samples, one number each; more is better.
public enum Verifier: String, Codable, Hashable, Sendable, CaseIterable {
    /// log p(c | x) of the classifier, c the requested class.
    case classProbability
    /// log q(x) of the mixture of Gaussians that the data are drawn from.
    case logLikelihood
    /// Minus the distance of a sample's features from the nearest of the teacher's reference samples.
    case nearestFeature
}

/// log p(c | x) of samples by a classifier's logits.
public struct ClassLogProbability: Sendable {
    /// The requested class of each sample, `[count]`, in `0 ..< classCount`.
    public let labels: [Int]
    /// The number of classes.
    public let classCount: Int

    /// The verifier for samples of the given classes.
    public init(labels: [Int], classCount: Int) {
        precondition(
            labels.allSatisfy { (0..<classCount).contains($0) }, "labels must be in 0..<\(classCount)")
        (self.labels, self.classCount) = (labels, classCount)
    }

    /// Logits `[count × classCount]`, row-major → `[count]` numbers, at most 0.
    public func callAsFunction(_ logits: [Float]) -> [Double] {
        precondition(
            logits.count == labels.count * classCount,
            "logits [\(labels.count), \(classCount)], given \(logits.count) numbers")
        return labels.indices.map { index in
            let row = logits[index * classCount..<(index + 1) * classCount].map(Double.init)
            return row[labels[index]] - logSumExp(row)
        }
    }
}

/// log q of samples under a mixture of Gaussians with one standard deviation σ on every axis:
/// log Σ_k π_k exp(−‖x − m_k‖² / 2σ²) − (d/2) log 2πσ².
public struct MixtureLikelihood: Sendable {
    private let modes: ModeCoverage

    /// The likelihood under a mixture with these modes.
    public init(_ modes: ModeCoverage) { self.modes = modes }

    /// Samples `[count × dimension]`, row-major → `[count]`.
    public func callAsFunction(_ samples: [Float]) -> [Double] {
        let dimension = modes.dimension, variance = modes.standardDeviation * modes.standardDeviation
        precondition(
            samples.count.isMultiple(of: dimension),
            "samples of dimension \(dimension), given \(samples.count) numbers")
        let constant = 0.5 * Double(dimension) * log(2 * .pi * variance)
        return stride(from: 0, to: samples.count, by: dimension).map { start in
            let exponents = modes.weights.indices.map { mode in
                let square = (0..<dimension).reduce(0.0) { sum, axis in
                    let gap = Double(samples[start + axis]) - modes.means[mode * dimension + axis]
                    return sum + gap * gap
                }
                return log(modes.weights[mode]) - square / (2 * variance)
            }
            return logSumExp(exponents) - constant
        }
    }
}

/// Minus the distance of points from the nearest of a reference set.
public struct NearestReference: Sendable {
    private let reference: SquaredDistances
    private let origin: [Float]

    /// Reference points `[count × dimension]`, row-major, at least one.
    public init(reference points: [Float], dimension: Int) {
        precondition(points.count >= dimension, "no reference points of dimension \(dimension)")
        origin = points.meanSample(dimension: dimension)
        reference = SquaredDistances(points, around: origin)
    }

    /// Points `[count × dimension]`, row-major → `[count]` numbers, at most 0; NaN where one is not finite.
    public func callAsFunction(_ points: [Float]) -> [Double] {
        let own = SquaredDistances(points, around: origin)
        var result = [Double](repeating: .nan, count: own.count)
        own.forEachRow(to: reference) { row, squares in
            guard own.squares[row].isFinite else { return }
            result[row] = -Double(squares.min() ?? .nan).squareRoot()
        }
        return result
    }
}

/// log Σ exp of numbers, without overflow.
private func logSumExp(_ values: [Double]) -> Double {
    let largest = values.max() ?? -.infinity
    guard largest.isFinite else { return largest }
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
}
