import Tensors
import Foundation

/// The time of a training's step by operation, on one thread.
public struct TrainingProfile: Codable, Hashable, Sendable {
    /// The parts by primitive, and by primitive and extents; the longest first.
    public let primitives, instructions: [Part]

    /// A part of the step's time.
    public struct Part: Codable, Hashable, Sendable {
        /// The name of the operation.
        public let name: String
        /// The number of calls in one step.
        public let calls: Int
        /// Seconds of processor time.
        public let seconds: Double
        /// Multiplications and additions of matrix products.
        public let operations: Double
        /// Bytes read and written, each once.
        public let bytes: Double

        init(_ entry: Profile.Entry) {
            (name, calls, seconds) = (entry.name, entry.calls, entry.seconds)
            (operations, bytes) = (entry.operations, entry.bytes)
        }
    }

    /// The profile of a compiled step.
    public init(_ profile: Profile) {
        primitives = profile.byPrimitive.map(Part.init)
        instructions = profile.byName.map(Part.init)
    }

    /// Processor time of this thread: what neighbours take is not counted.
    static func processorNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
