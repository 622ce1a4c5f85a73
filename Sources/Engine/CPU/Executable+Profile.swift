import CKernels
import Tensors

extension Executable {
    /// Runs the program once, on this thread alone, and times each instruction. The engine has no clock of its own.
    /// - Parameter clock: returns nanoseconds that never decrease.
    func profile(clock: () -> UInt64) -> Profile? {
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
        case .products: "batched matmul"
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
            "\(stack.pointee.count) matmuls \(stack.pointee.m)×\(stack.pointee.n)×\(stack.pointee.k)"
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
