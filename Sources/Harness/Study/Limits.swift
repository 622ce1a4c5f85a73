import FlowMaps

/// The limits of each run of a study: one that exceeds them fails alone. Shared stages have no limit.
public struct Limits: Codable, Hashable, Sendable, Validated {
    /// Wall-clock minutes of all its processes together; nil is no limit.
    public let minutes: Double?
    /// MiB of resident memory; nil is no limit.
    public let memory: Double?

    /// Limits of time and memory, each where it is given.
    public init(minutes: Double?, memory: Double?) { (self.minutes, self.memory) = (minutes, memory) }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        if let minutes { try positive(minutes, "minutes") }
        if let memory { try positive(memory, "memory") }
        try require(minutes != nil || memory != nil, found: "no limit", allowed: "minutes, memory or both")
    }
}
