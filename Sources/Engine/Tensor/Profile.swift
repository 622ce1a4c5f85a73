/// The time that each instruction of one run took.
public struct Profile: Sendable {
    /// Creates a profile of entries in the order of their run.
    public init(entries: [Entry]) { self.entries = entries }

    /// The measurements of one instruction, or the sum over several.
    public struct Entry: Sendable {
        /// The instruction and its extents, such as "matmul 512×512×64".
        public let name: String
        /// The kind of instruction: "matmul", "fused kernel", "sum" and so on.
        public let primitive: String
        /// Number of times that the instruction was run.
        public var calls: Int
        /// Seconds that all calls took together.
        public var seconds: Double
        /// Number of multiplications and additions in matrix products.
        public var operations: Double
        /// Number of bytes that are read or written, each counted once.
        public var bytes: Double

        /// Creates an entry of measurements.
        public init(
            name: String, primitive: String, calls: Int, seconds: Double, operations: Double, bytes: Double
        ) {
            (self.name, self.primitive, self.calls) = (name, primitive, calls)
            (self.seconds, self.operations, self.bytes) = (seconds, operations, bytes)
        }
    }

    /// The timed instructions, in the order in which they ran.
    public let entries: [Entry]

    /// Seconds that all instructions took together.
    public var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

    /// The entries summed by name, the slowest first.
    public var byName: [Entry] { added(by: \.name) }

    /// The entries summed by kind of instruction, the slowest first.
    public var byPrimitive: [Entry] { added(by: \.primitive) }

    private func added(by key: (Entry) -> String) -> [Entry] {
        var sums: [String: Entry] = [:]
        for entry in entries {
            var sum =
                sums[key(entry)]
                ?? Entry(
                    name: key(entry), primitive: entry.primitive, calls: 0, seconds: 0, operations: 0, bytes: 0)
            sum.calls += entry.calls
            sum.seconds += entry.seconds
            sum.operations += entry.operations
            sum.bytes += entry.bytes
            sums[key(entry)] = sum
        }
        return sums.values.sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) }
    }
}
