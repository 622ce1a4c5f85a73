import FlowMaps

/// What each run of a study may take: one that takes more fails alone. Shared work has no limit.
public struct Limits: Codable, Hashable, Sendable, Validated {
    /// Wall-clock minutes of all its processes together.
    public let minutes: Double?
    /// MiB of resident memory.
    public let memory: Double?

    public init(minutes: Double?, memory: Double?) { (self.minutes, self.memory) = (minutes, memory) }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        if let minutes { try positive(minutes, "minutes") }
        if let memory { try positive(memory, "memory") }
        try require(minutes != nil || memory != nil, found: "no limit", allowed: "minutes, memory or both")
    }
}
