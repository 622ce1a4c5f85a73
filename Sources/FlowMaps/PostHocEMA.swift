import Tensors

/// Averages stored during a training, from which any other is made afterwards (arXiv 2312.02696, section 3.2). The wanted one decides
/// nothing of the training itself, so another one needs no new training.
public struct PostHocEMA: Codable, Hashable, Sendable, Validated {
    /// The relative widths of the averages that are stored, rising; at least two.
    public let stored: [Double]
    /// How often they are stored, evenly over the steps; the last time is at the end.
    public let snapshots: Int
    /// The relative width of the requested average; nil when only the training itself is identified.
    public let sigmaRel: Double?

    public enum CodingKeys: String, CodingKey, RenamedKeys {
        case stored, snapshots, sigmaRel

        public static let renamed = ["deviation": "sigmaRel"]
    }

    public init(stored: [Double], snapshots: Int, sigmaRel: Double?) {
        (self.stored, self.snapshots, self.sigmaRel) = (stored, snapshots, sigmaRel)
    }

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

    /// What decides the training: everything but the request.
    var training: PostHocEMA { PostHocEMA(stored: stored, snapshots: snapshots, sigmaRel: nil) }
}
