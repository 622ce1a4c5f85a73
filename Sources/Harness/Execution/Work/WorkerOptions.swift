import FlowMaps
import Storage
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
    /// The number of this worker among those that work at the same time, from 0: the device of several that it takes.
    package var slot = 0

    /// The default interval of checkpoints; a power cut loses at most this much work.
    public static let checkpointSeconds = 30.0

    /// Whether records leave out the name of the machine.
    public var hidesHost: Bool

    /// The programs that a study names may be run.
    public var allowsCommands: Bool

    /// The folder of results as the launcher found it; nil where nobody looked.
    package var folder: FolderNode?

    /// Seconds without a sign of life after which a worker is ended and its work tried again; 0 for never.
    public var silenceSeconds: Double

    /// A stopped process is one that nobody misses for so long; a busy machine lets a thread that has nothing to do but tell of its
    /// life have its turn far sooner.
    public static let silenceSeconds = 300.0

    /// Options with an interval of checkpoints, limits and profiling.
    public init(
        checkpointSeconds: Double = Self.checkpointSeconds, limits: Limits? = nil, isProfiled: Bool = false,
        device: Device = .cpu, silenceSeconds: Double = Self.silenceSeconds, hidesHost: Bool = false,
        allowsCommands: Bool = false
    ) {
        self.allowsCommands = allowsCommands
        (self.checkpointSeconds, self.limits, self.isProfiled) = (checkpointSeconds, limits, isProfiled)
        self.device = device
        (self.silenceSeconds, self.hidesHost) = (silenceSeconds, hidesHost)
    }
}

extension Stage {
    /// Teachers, classifiers and reference samples, which many runs are made from.
    var isShared: Bool {
        switch self {
        case .training, .run: false
        case .teacher, .classifier, .reference: true
        }
    }

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
