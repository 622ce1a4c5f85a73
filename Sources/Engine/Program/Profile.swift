import CKernels

/// The time that each instruction of one run took.
public struct Profile: Sendable {
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

extension Executable {
    /// Runs the program once, on this thread alone, timing each instruction. The engine has no clock of its own.
    /// - Parameter clock: gives nanoseconds that never fall.
    public func profile(clock: () -> UInt64) -> Profile {
        Profile(
            entries: passes.flatMap { pass in
                var seconds = Array(repeating: 0.0, count: pass.instructions.count)
                for batchTile in pass.batchTiles {
                    for (index, instruction) in pass.instructions.enumerated() {
                        let start = clock()
                        instruction.run(batchTile: batchTile)
                        seconds[index] += Double(clock() - start) * 1e-9
                    }
                }
                let batchTiles = pass.batchTiles.count
                return zip(pass.instructions, seconds).map { instruction, seconds in
                    let cost = instruction.cost
                    return Profile.Entry(
                        name: instruction.name + (batchTiles > 1 ? " in batch tiles" : ""),
                        primitive: instruction.primitive,
                        calls: batchTiles, seconds: seconds, operations: Double(batchTiles) * cost.operations,
                        bytes: Double(batchTiles) * cost.bytes)
                }
            })
    }
}

extension Instruction {
    /// The kind of instruction, in a word or two.
    var primitive: String {
        switch self {
        case .fused: "fused kernel"
        case .matmul: "matmul"
        case .pack: "packing"
        case .products: "stack of products"
        case .attention: "attention"
        case .sum: "sum"
        case .max: "max"
        case .random: "random numbers"
        case .gather: "gather"
        case .scatterAdd: "scatter"
        case .clear: "clear"
        case .idle: "idle"
        }
    }

    /// The kind of instruction and its extents.
    var name: String {
        switch self {
        case .fused(let kernel):
            "fused kernel of \(kernel.pointee.operation_count): \(kernel.pointee.count) by \(kernel.pointee.tile), "
                + "\(kernel.pointee.load_count) in, \(kernel.pointee.store_count) out"
        case .matmul(let product): "matmul \(product.extents)"
        case .pack(let product): "pack \(product.extents)"
        case .products(let stack):
            "\(stack.pointee.count) products \(stack.pointee.m)×\(stack.pointee.n)×\(stack.pointee.k)"
        case .attention(let attention): attention.pointee.name
        case .sum(_, _, let outer, let reduced, let inner): "sum [\(outer) \(reduced) \(inner)]"
        case .max(_, _, let outer, let reduced, let inner): "max [\(outer) \(reduced) \(inner)]"
        case .random(_, _, _, let count, _): "random \(count)"
        case .gather(_, _, _, let columns, _, let count): "gather \(count) of \(columns)"
        case .scatterAdd(_, _, let columns, _, _, let count): "scatter \(count) of \(columns)"
        case .clear(_, let count): "clear \(count)"
        case .idle: "idle"
        }
    }

    fileprivate var cost: (operations: Double, bytes: Double) {
        func floats(_ counts: Int...) -> Double { Double(4 * counts.reduce(0, +)) }
        switch self {
        case .fused(let kernel):
            let accesses = UnsafeBufferPointer(start: kernel.pointee.loads, count: Int(kernel.pointee.load_count))
            let loads = accesses.filter { $0.kind == ABLATE_DIRECT || $0.kind == ABLATE_STRIDED }.count
            return (0, floats((loads + Int(kernel.pointee.store_count)) * kernel.pointee.count))
        case .matmul(let product): return product.cost
        case .pack(let product): return (0, 8 * Double(product.packedFloats))
        case .products(let stack):
            let (m, n, k, count) = (stack.pointee.m, stack.pointee.n, stack.pointee.k, stack.pointee.count)
            return (Double(2 * m * n * k * count), floats(count * (m * k + k * n + m * n)))
        case .attention(let attention): return attention.pointee.cost
        case .sum(_, _, let outer, let reduced, let inner), .max(_, _, let outer, let reduced, let inner):
            return (0, floats(outer * reduced * inner, outer * inner))
        case .random(_, _, _, let count, _), .clear(_, let count): return (0, floats(count))
        case .idle: return (0, 0)
        case .gather(_, _, _, let columns, _, let count): return (0, floats(2 * count * columns))
        case .scatterAdd(_, let rows, let columns, _, _, let count): return (0, floats(count * columns, rows * columns))
        }
    }
}
