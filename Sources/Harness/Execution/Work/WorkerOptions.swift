import FlowMaps
import Study

/// How work is carried out, which decides nothing of its result.
public struct WorkerOptions: Codable, Hashable, Sendable {
    /// Seconds between two checkpoints of a training.
    public var checkpointSeconds: Double
    /// What a run may take; absent is no limit.
    public var limits: Limits?
    /// Whether the time of a training's steps is taken apart first.
    public var isProfiled: Bool

    /// So much work is lost at the most when the power is cut.
    public static let checkpointSeconds = 30.0

    /// Whether records leave out the name of the machine.
    public var hidesHost: Bool

    /// Seconds without a sign of life after which a worker is ended and its work tried again; 0 for never.
    public var silenceSeconds: Double

    /// A stopped process is one that nobody misses for so long; a busy machine lets a thread that has nothing to do but tell of its
    /// life have its turn far sooner.
    public static let silenceSeconds = 300.0

    public init(
        checkpointSeconds: Double = Self.checkpointSeconds, limits: Limits? = nil, isProfiled: Bool = false,
        silenceSeconds: Double = Self.silenceSeconds, hidesHost: Bool = false
    ) {
        (self.checkpointSeconds, self.limits, self.isProfiled) = (checkpointSeconds, limits, isProfiled)
        (self.silenceSeconds, self.hidesHost) = (silenceSeconds, hidesHost)
    }
}

extension Stage {
    /// Whether a study's limits hold for it: for the two stages that are one run's own.
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
