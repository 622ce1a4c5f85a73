import Tensors

/// A weight of rows by their times that is learned beside the student: with w(t, s) a linear layer on sines and cosines of both times
/// that begins at 0, and ℓ the loss of a row, w is moved down its own loss while the student's gradient is weighted by the
/// derivative of that loss by ℓ.
public struct LearnedWeight: Codable, Hashable, Sendable, Validated {
    public let form: Form
    /// The features of t and s.
    public let times: Frequencies
    /// The learning rate of w as a multiple of the student's.
    public let learningRateRatio: Double

    public enum CodingKeys: String, CodingKey, RenamedKeys {
        case form, times, learningRateRatio

        public static let renamed = ["rate": "learningRateRatio"]
    }

    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// ℓ e^−w + w, least at w = ln E ℓ: rows of all times count alike (EDM2, arXiv 2312.02696; sCM, arXiv 2410.11081; arXiv
        /// 2505.18825).
        case gaussian
        /// ln(ℓ e^−w + 1) + w / 2, least where E e^w / (ℓ + e^w) = ½: rows that are far off count less (arXiv 2510.24474).
        case cauchy
    }

    public init(form: Form, times: Frequencies, learningRateRatio: Double) {
        (self.form, self.times, self.learningRateRatio) = (form, times, learningRateRatio)
    }

    public func validate() throws(Violation) { try positive(learningRateRatio, "learningRateRatio") }

    /// The factor of a row's gradient, [n, 1] of w and ℓ [n, 1].
    func factor(_ w: Tensor, _ loss: Tensor) -> Tensor {
        switch form {
        case .gaussian: exp(-w)
        case .cauchy: reciprocal(loss + exp(w))
        }
    }

    /// The loss that w is moved down: its mean over the rows, a scalar.
    func loss(_ w: Tensor, _ loss: Tensor) -> Tensor {
        switch form {
        case .gaussian: (exp(-w) * loss + w).mean()
        case .cauchy: (log(loss + exp(w)) - 0.5 * w).mean()
        }
    }
}

/// w(t, s) of a learned weight.
public struct TimeWeightNetwork: Module, Sendable {
    private let features: TimeFeatures
    var layer: Linear

    /// 0 everywhere.
    init(_ weight: LearnedWeight) {
        features = weight.times.features
        layer = Linear(inputs: 2 * features.width, outputs: 1, start: .zero, key: RandomKey(seed: 0))
    }

    /// t and s [n, 1] → [n, 1].
    func callAsFunction(_ t: Tensor, _ s: Tensor) -> Tensor {
        layer(.concatenate([features(t), features(s)], axis: 1))
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        layer.visitParameters(under: "layer", visit)
    }
}
