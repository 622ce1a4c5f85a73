import CKernels

/// Where the time of one run goes, instruction by instruction.
public struct Profile: Sendable {
    public struct Entry: Sendable {
        /// What was done on which extents.
        public let name: String
        /// What sort of work that is, in a word: "product", "chain", "sum".
        public let primitive: String
        public var calls: Int
        public var seconds: Double
        /// Multiplications and additions of matrix products.
        public var operations: Double
        /// Read and written, each once.
        public var bytes: Double
    }

    /// In the order of the run.
    public let entries: [Entry]

    /// Seconds of all.
    public var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

    /// Entries of one name added up, the longest first.
    public var byName: [Entry] { added(by: \.name) }

    /// Entries of one sort added up, under its name, the longest first.
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
                for band in pass.bands {
                    for (index, instruction) in pass.instructions.enumerated() {
                        let start = clock()
                        instruction.run(band: band)
                        seconds[index] += Double(clock() - start) * 1e-9
                    }
                }
                let bands = pass.bands.count
                return zip(pass.instructions, seconds).map { instruction, seconds in
                    let cost = instruction.cost
                    return Profile.Entry(
                        name: instruction.name + (bands > 1 ? " in bands" : ""), primitive: instruction.primitive,
                        calls: bands, seconds: seconds, operations: Double(bands) * cost.operations,
                        bytes: Double(bands) * cost.bytes)
                }
            })
    }
}

extension Instruction {
    /// What sort of work it is.
    var primitive: String {
        switch self {
        case .chain: "chain"
        case .product: "product"
        case .pack: "packing"
        case .products: "stack of products"
        case .attention: "attention"
        case .sum: "sum"
        case .largest: "largest"
        case .random: "random numbers"
        case .gather: "gather"
        case .scatterAdd: "scatter"
        case .clear: "clear"
        case .idle: "idle"
        }
    }

    /// What is done, on which extents.
    var name: String {
        switch self {
        case .chain(let chain):
            "chain of \(chain.pointee.operation_count): \(chain.pointee.count) by \(chain.pointee.tile), "
                + "\(chain.pointee.load_count) in, \(chain.pointee.store_count) out"
        case .product(let product): "product \(product.extents)"
        case .pack(let product): "pack \(product.extents)"
        case .products(let stack):
            "\(stack.pointee.count) products \(stack.pointee.m)×\(stack.pointee.n)×\(stack.pointee.k)"
        case .attention(let attention): attention.pointee.name
        case .sum(_, _, let outer, let reduced, let inner): "sum [\(outer) \(reduced) \(inner)]"
        case .largest(_, _, let outer, let reduced, let inner): "largest [\(outer) \(reduced) \(inner)]"
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
        case .chain(let chain):
            let accesses = UnsafeBufferPointer(start: chain.pointee.loads, count: Int(chain.pointee.load_count))
            let loads = accesses.filter { $0.kind == ABLATE_DIRECT || $0.kind == ABLATE_STRIDED }.count
            return (0, floats((loads + Int(chain.pointee.store_count)) * chain.pointee.count))
        case .product(let product): return product.cost
        case .pack(let product): return (0, 8 * Double(product.packedFloats))
        case .products(let stack):
            let (m, n, k, count) = (stack.pointee.m, stack.pointee.n, stack.pointee.k, stack.pointee.count)
            return (Double(2 * m * n * k * count), floats(count * (m * k + k * n + m * n)))
        case .attention(let attention): return attention.pointee.cost
        case .sum(_, _, let outer, let reduced, let inner), .largest(_, _, let outer, let reduced, let inner):
            return (0, floats(outer * reduced * inner, outer * inner))
        case .random(_, _, _, let count, _), .clear(_, let count): return (0, floats(count))
        case .idle: return (0, 0)
        case .gather(_, _, _, let columns, _, let count): return (0, floats(2 * count * columns))
        case .scatterAdd(_, let rows, let columns, _, _, let count): return (0, floats(count * columns, rows * columns))
        }
    }
}
