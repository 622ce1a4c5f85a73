import FlowMaps
import Study

/// The settings by which stages are executed, which do not change their results.
public struct WorkerOptions: Codable, Hashable, Sendable {
    /// Seconds between two checkpoints of a training.
    public var checkpointSeconds: Double
    /// The limits of a run; nil for none.
    public var limits: Limits?
    /// A training's step is profiled first.
    public var isProfiled: Bool
    /// The device of what the study names none for. Records say it, and no identity has it.
    public var device: Device

    /// The default interval of checkpoints; a power cut loses at most this much work.
    public static let checkpointSeconds = 30.0

    /// Options with an interval of checkpoints, limits and profiling.
    public init(
        checkpointSeconds: Double = Self.checkpointSeconds, limits: Limits? = nil, isProfiled: Bool = false,
        device: Device = .cpu
    ) {
        (self.checkpointSeconds, self.limits, self.isProfiled) = (checkpointSeconds, limits, isProfiled)
        self.device = device
    }
}

extension Stage {
    /// A study's limits apply to it: to the two stages of one run.
    var isLimited: Bool {
        switch self {
        case .training, .run: true
        case .teacher, .classifier, .reference: false
        }
    }
}

/// A run that took more than its study allows.
struct LimitExceeded: Error, CustomStringConvertible {
    let description: String
}
