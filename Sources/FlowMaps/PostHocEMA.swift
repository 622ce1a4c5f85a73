import Tensors

/// Averages stored during a training, from which any other is computed afterwards (arXiv 2312.02696, section 3.2).
/// The requested one decides nothing of the training itself, so requesting another needs no new training.
public struct PostHocEMA: Codable, Hashable, Sendable, Validated {
    /// The relative widths of the averages that are stored, rising; at least two.
    public let stored: [Double]
    /// The number of times at which the averages are stored, evenly over the steps; the last is at the end.
    public let snapshots: Int
    /// The relative width of the requested average; nil when only the training itself is identified.
    public let sigmaRel: Double?

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, RenamedKeys {
        case stored, snapshots, sigmaRel

        /// Keys that are gone, each with the new one.
        public static let renamed = ["deviation": "sigmaRel"]
    }

    /// Stored averages, and the width of the requested one.
    public init(stored: [Double], snapshots: Int, sigmaRel: Double?) {
        (self.stored, self.snapshots, self.sigmaRel) = (stored, snapshots, sigmaRel)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(stored.count >= 2, "stored", found: "\(stored.count) averages", allowed: "at least two")
        for sigmaRel in stored { try EMA.check(sigmaRel, "stored", self) }
        try require(
            zip(stored, stored.dropFirst()).allSatisfy(<), "stored", found: "\(stored)",
            allowed: "rising numbers, each once")
        try require(snapshots, "snapshots", in: 1...1000)
        if let sigmaRel { try EMA.check(sigmaRel, "sigmaRel", self) }
    }

    /// The steps of a training at which averages are stored.
    public func steps(of steps: Int) -> [Int] {
        let count = min(snapshots, steps)
        return (1...count).map { $0 * steps / count }
    }

    /// The shares of the stored averages in the requested one: those of the first step in the order of `stored`, then those of the
    /// next.
    public func shares(of steps: Int) -> [Double] {
        guard let sigmaRel else { preconditionFailure("no relative width is requested of the stored averages") }
        let all = self.steps(of: steps).flatMap { step in
            stored.map { (PowerAverage(deviation: $0), Double(step)) }
        }
        return PowerAverage.synthesis(of: (PowerAverage(deviation: sigmaRel), Double(steps)), from: all)
    }

    /// The shares in the requested average as it is at a step on the way: of averages stored at the regular steps before it, and at it.
    /// - Returns: those steps, and the shares in the order of `shares(of:)`.
    package func shares(at step: Int, of steps: Int) -> (steps: [Int], shares: [Double]) {
        guard let sigmaRel else { preconditionFailure("no relative width is requested of the stored averages") }
        let stored = self.steps(of: steps).filter { $0 < step } + [step]
        let all = stored.flatMap { step in self.stored.map { (PowerAverage(deviation: $0), Double(step)) } }
        return (stored, PowerAverage.synthesis(of: (PowerAverage(deviation: sigmaRel), Double(step)), from: all))
    }

    /// The settings that decide the training: all except the request.
    var training: PostHocEMA { PostHocEMA(stored: stored, snapshots: snapshots, sigmaRel: nil) }
}
