import Tensors

/// The weight of a learned velocity's error at each time, as in EDM and EDM2 (arXiv 2206.00364, table 1; 2312.02696,
/// Eq. 14).
///
/// λ(σ) = (σ² + q²) / (σ q)² on the denoiser D(x; σ), σ = t / (1 − t), q the standard deviation of the data, is S² /
/// q² on the velocity, S² = t² + q² (1 − t)²: then every time counts alike in the output of a preconditioned network.
public enum VelocityWeighting: Codable, Hashable, Sendable, Validated {
    /// E w ‖u − (n − x)‖², w = S² / q².
    case denoiser(sigmaData: Double)
    /// E w ‖·‖² e^{−a(t)} + a(t): the same divided by a learned variance e^a of the error at a time. a is linear in
    /// the features of t, and dropped after the training.
    case uncertainty(sigmaData: Double, times: Frequencies)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case denoiser, uncertainty }

    /// The keys of `denoiser`.
    public enum DenoiserCodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
        case sigmaData

        /// Keys that are gone, each with the new one.
        public static let renamed = ["deviation": "sigmaData"]
    }

    /// The keys of `uncertainty`.
    public enum UncertaintyCodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
        case sigmaData, times

        /// Keys that are gone, each with the new one.
        public static let renamed = ["deviation": "sigmaData"]
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .denoiser(let sigmaData): try positive(sigmaData, "denoiser.sigmaData")
        case .uncertainty(let sigmaData, _): try positive(sigmaData, "uncertainty.sigmaData")
        }
    }

    private var sigmaData: Double {
        switch self {
        case .denoiser(let sigmaData), .uncertainty(let sigmaData, _): sigmaData
        }
    }

    /// a as it begins, 0; nil where none is learned.
    var uncertainty: LogVariance? {
        guard case .uncertainty(_, let times) = self else { return nil }
        return LogVariance(times)
    }

    /// The weighted loss, a scalar, of errors [n, d] at times [n, 1].
    func loss(_ error: Tensor, at t: Tensor, _ uncertainty: LogVariance?) -> Tensor {
        let spread = square(t) + sigmaData * sigmaData * square(1 - t)
        let own = spread / (sigmaData * sigmaData) * square(error).mean([1], keepingAxes: true)
        guard let uncertainty else { return own.mean() }
        let variance = uncertainty(t)
        return (own * exp(-variance) + variance).mean()
    }

    /// a(t), [n, 1] → [n, 1].
    struct LogVariance: Module, Sendable {
        private let features: TimeFeatures
        var layer: Linear

        init(_ times: Frequencies) {
            features = times.features
            layer = Linear(inputs: features.width, outputs: 1, start: .zero, key: RandomKey(seed: 0))
        }

        func callAsFunction(_ t: Tensor) -> Tensor { layer(features(t)) }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            layer.visitParameters(under: "layer", visit)
        }
    }
}
