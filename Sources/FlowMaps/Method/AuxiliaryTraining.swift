/// The training of the auxiliary network, which learns the velocity of the student's samples by flow matching.
public struct AuxiliaryTraining: Codable, Hashable, Sendable, Validated {
    /// Its learning rate as a multiple of the student's, above 0.
    public let learningRateRatio: Double
    /// Its steps for each step of the student, at least 1; the first is on the noised samples of the target itself.
    public let updates: Int
    /// Adapters of low rank over the teacher; nil trains a whole copy of it.
    public let lora: LowRankAdapters?

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
        case learningRateRatio, updates, lora

        /// Keys that are gone, each with the new one.
        public static let renamed = ["rate": "learningRateRatio"]
    }

    /// A training with so many updates per step of the student.
    public init(learningRateRatio: Double, updates: Int, lora: LowRankAdapters? = nil) {
        (self.learningRateRatio, self.updates, self.lora) = (learningRateRatio, updates, lora)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try positive(learningRateRatio, "learningRateRatio")
        try require(updates, "updates", atLeast: 1, atMost: Most.unrolled)
    }
}
