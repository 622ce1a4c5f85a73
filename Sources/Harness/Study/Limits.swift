import FlowMaps

/// The limits of each run of a study: one that exceeds them fails alone. Shared stages have no limit.
public struct Limits: Codable, Hashable, Sendable, Validated {
    /// Wall-clock minutes of all its processes together; nil is no limit.
    public let minutes: Double?
    /// MiB of resident memory; nil is no limit.
    public let memory: Double?

    /// Limits of time and memory, each where it is given.
    public init(minutes: Double?, memory: Double?) { (self.minutes, self.memory) = (minutes, memory) }

    private static let mostMinutes = 10 * 365.25 * 24 * 60, mostMemory = 0x1p30

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        if let minutes {
            try require(
                minutes > 0 && minutes <= Self.mostMinutes, "minutes", found: minutes,
                allowed: "more than 0 and at most \(Self.mostMinutes), which are ten years")
        }
        if let memory {
            try require(
                memory > 0 && memory <= Self.mostMemory, "memory", found: memory,
                allowed: "more than 0 and at most \(Self.mostMemory) MiB, which are a PiB")
        }
        try require(minutes != nil || memory != nil, found: "no limit", allowed: "minutes, memory or both")
    }
}
