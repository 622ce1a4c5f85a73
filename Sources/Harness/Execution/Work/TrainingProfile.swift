import Tensors
import Foundation

/// Where the time of a training's step goes, on one thread.
public struct TrainingProfile: Codable, Hashable, Sendable {
    /// By sort of work, and by what was done on which extents; the longest first.
    public let primitives, instructions: [Part]

    public struct Part: Codable, Hashable, Sendable {
        public let name: String
        /// In one step.
        public let calls: Int
        /// Of processor time.
        public let seconds: Double
        /// Multiplications and additions of matrix products.
        public let operations: Double
        /// Read and written, each once.
        public let bytes: Double

        init(_ entry: Profile.Entry) {
            (name, calls, seconds) = (entry.name, entry.calls, entry.seconds)
            (operations, bytes) = (entry.operations, entry.bytes)
        }
    }

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
