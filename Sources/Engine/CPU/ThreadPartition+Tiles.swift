import CKernels
import Tensors

/// Passes over batch tiles: each thread does some of the batch tiles, without meeting the others before all are done.
extension ThreadPartition {
    /// A pass's batch tiles, each thread's in memory of its own: so many at a time that they end with a block of sums of each fused
    /// kernel.
    func divide(_ pass: Pass, _ memory: Pass.TileMemory) {
        let unit = pass.instructions.reduce(1) { unit, instruction in
            guard case .fused(let kernel) = instruction else { return unit }
            // Sums of a batch tile's own samples meet no other batch tile's.
            let blocks = kernel.pointee.sums.filter { $0.shift == 0 }.map { Int($0.block) }
            return blocks.reduce(unit) {
                leastCommonMultiple($0, leastCommonMultiple($1, kernel.pointee.count) / kernel.pointee.count)
            }
        }
        let parts = threads.indices.map { part($0, of: pass.batchTiles.count, inMultiplesOf: unit) }
        for thread in threads.indices {
            let instructions = parts[thread].isEmpty ? [] : pass.instructions.map { onThread(thread, $0, memory) }
            threads[thread].append(Pass(instructions, batchTiles: parts[thread]))
        }
    }

    /// An instruction with a thread's own memory.
    private func onThread(_ thread: Int, _ instruction: Instruction, _ memory: Pass.TileMemory)
        -> Instruction
    {
        switch instruction {
        case .fused(let kernel): return .fused(UnsafePointer(copy(kernel.pointee, thread, memory)))
        case .matmul(let product): return .matmul(product.onThread(thread, memory))
        case .attention(let attention):
            var copy = attention.pointee
            copy.mixed = memory.address(of: copy.mixed!, thread: thread)
            copy.other = copy.other.map { memory.address(of: $0, thread: thread) }
            copy.out = memory.address(of: copy.out!, thread: thread)
            copy.scratch = allocate(floats: ablate_attention_scratch(copy.tokens, copy.size))
            attentions.append(.allocate(capacity: 1))
            attentions.last!.initialize(to: copy)
            return .attention(UnsafePointer(attentions.last!))
        default: preconditionFailure("\(instruction.name) is done in no batchTiles")
        }
    }

    /// The fused kernel of a thread's batch tiles, on registers and in memory of the thread's own.
    private func copy(
        _ kernel: ablate_fused, _ thread: Int, _ memory: Pass.TileMemory
    ) -> UnsafeMutablePointer<ablate_fused> {
        let result = copy(kernel, kernel.first..<kernel.count, thread)
        let stores = UnsafeMutablePointer(mutating: result.pointee.stores!)
        for index in 0..<Int(kernel.store_count) where stores[index].kind != ABLATE_GATHERED {
            stores[index].base = memory.address(of: stores[index].base!, thread: thread)
        }
        let loads = UnsafeMutablePointer<ablate_access>.allocate(
            capacity: max(1, Int(kernel.load_count)))
        loads.initialize(from: kernel.loads, count: Int(kernel.load_count))
        accesses.append(loads)
        for index in 0..<Int(kernel.load_count) where loads[index].kind != ABLATE_NUMBER {
            loads[index].base = memory.address(of: loads[index].base!, thread: thread)
        }
        result.pointee.loads = UnsafePointer(loads)
        return result
    }
}
