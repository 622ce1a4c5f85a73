/// How the auxiliary network of the student's own velocity is trained: by flow matching on the student's samples as they are.
public struct AuxiliaryTraining: Codable, Hashable, Sendable, Validated {
    /// Its learning rate as a multiple of the student's, above 0.
    public let learningRateRatio: Double
    /// Its steps for each step of the student, at least 1; the first is on the noised samples of the target itself.
    public let updates: Int
    /// Learn adapters of low rank over the teacher; absent learns a whole copy of it.
    public let lora: LowRankAdapters?

    public enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
        case learningRateRatio, updates, lora

        public static let renamed = ["rate": "learningRateRatio"]
    }

    public init(learningRateRatio: Double, updates: Int, lora: LowRankAdapters? = nil) {
        (self.learningRateRatio, self.updates, self.lora) = (learningRateRatio, updates, lora)
    }

    public func validate() throws(Violation) {
        try positive(learningRateRatio, "learningRateRatio")
        try require(updates, "updates", atLeast: 1, atMost: Most.unrolled)
    }
}
