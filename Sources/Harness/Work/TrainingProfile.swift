import Engine
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

extension TrainingProfile {
    /// By primitive, of several trainings.
    public static func table(_ profiles: [(title: String, profile: TrainingProfile)]) -> Table {
        var table = Table(columns: [Table.Column("training", alignment: .left)] + columns("primitive"))
        for (title, profile) in profiles {
            for row in rows(profile.primitives) { table.append([.text(title)] + row) }
        }
        return table
    }

    /// Both tables, as they are kept.
    var text: String {
        [("primitive", primitives), ("instruction", instructions)].map { name, parts in
            Table(columns: Self.columns(name), rows: Self.rows(parts)).text(.unicode, style: .plain)
        }.joined(separator: "\n")
    }

    private static func columns(_ name: String) -> [Table.Column] {
        [
            Table.Column(name, alignment: .left), Table.Column("calls"), Table.Column("time", unit: "ms"),
            Table.Column("share", unit: "%"), Table.Column("GFLOP/s"), Table.Column("read and written", unit: "MB"),
            Table.Column("GB/s"),
        ]
    }

    private static func rows(_ parts: [Part]) -> [[Table.Cell]] {
        let total = parts.reduce(0) { $0 + $1.seconds }
        return parts.map { part in
            let rate = part.seconds > 0 ? 1e-9 / part.seconds : 0
            return [
                .text(part.name), .count(part.calls), .number(1e3 * part.seconds),
                total > 0 ? .number(100 * part.seconds / total) : .missing,
                part.operations > 0 ? .number(part.operations * rate) : .missing, .number(1e-6 * part.bytes),
                .number(part.bytes * rate),
            ]
        }
    }
}
