import CKernels
import Tensors

/// The partition of a program's instructions among threads. Every thread has a part of each instruction, by rows of the batch where
/// possible, so that a thread mostly reads what it wrote itself.
///
/// Results have the same bits as with one thread: the parts of an element's own arithmetic are the whole's, and fused kernels that
/// sum columns are divided between blocks of sums (`SummationBlocks`).
final class ThreadPartition {
    /// The passes of each thread, equally many for all. Passes at the same position do not depend on each other.
    var threads: [[Pass]]
    /// The registers of each thread's fused kernels.
    private var registers: [UnsafeMutablePointer<Float>] = []
    private var floats: [UnsafeMutablePointer<Float>] = []
    private var kernels: [UnsafeMutablePointer<ablate_fused>] = []
    var accesses: [UnsafeMutablePointer<ablate_access>] = []
    private var stacks: [UnsafeMutablePointer<ablate_products>] = []
    var attentions: [UnsafeMutablePointer<ablate_attention>] = []

    init(_ passes: [Pass], among count: Int) {
        threads = Array(repeating: [], count: count)
        let registerFloats = passes.registerFloats
        registers = threads.map { _ in allocate(floats: registerFloats) }
        for pass in passes {
            if let memory = pass.memory {
                divide(pass, memory)
            } else {
                pass.instructions.forEach { divide($0) }
            }
        }
    }

    deinit {
        floats.forEach { $0.deallocate() }
        kernels.forEach { $0.deallocate() }
        accesses.forEach { $0.deallocate() }
        stacks.forEach { $0.deallocate() }
        attentions.forEach { $0.deallocate() }
    }

    private func divide(_ instruction: Instruction) {
        switch instruction {
        case .fused(let kernel): if !divide(kernel.pointee) { append(instruction) }
        case .matmul(let product): append { product.part($0, of: self.threads.count).map(Instruction.matmul) }
        case .products(let stack): append { self.part($0, of: stack.pointee).map(Instruction.products) }
        case .attention(let attention): append { self.part($0, of: attention.pointee).map(Instruction.attention) }
        case .sum(let out, let values, let outer, let reduced, let inner):
            append {
                let part = self.part($0, of: outer)
                return .sum(
                    out + part.lowerBound * inner, values + part.lowerBound * reduced * inner, outer: part.count,
                    reduced: reduced, inner: inner)
            }
        case .max(let out, let values, let outer, let reduced, let inner):
            append {
                let part = self.part($0, of: outer)
                return .max(
                    out + part.lowerBound * inner, values + part.lowerBound * reduced * inner, outer: part.count,
                    reduced: reduced, inner: inner)
            }
        case .clear(let out, let count):
            append {
                let part = self.part($0, of: count, inMultiplesOf: 16)
                return .clear(out + part.lowerBound, count: part.count)
            }
        // Too little to share.
        case .random, .gather, .scatterAdd, .pack, .idle: append(instruction)
        }
    }

    /// The same place in all threads; a thread without a part is idle.
    func append(_ part: (Int) -> Instruction?) {
        for thread in threads.indices { threads[thread].append(Pass([part(thread) ?? .idle])) }
    }

    private func append(_ instruction: Instruction) { append { $0 == 0 ? instruction : nil } }

    func part(_ thread: Int, of extent: Int, inMultiplesOf unit: Int = 1) -> Range<Int> {
        Chunk(thread, of: threads.count).range(of: extent, inMultiplesOf: unit)
    }

    /// Returns false if the kernel is too short to be split.
    private func divide(_ kernel: ablate_fused) -> Bool {
        guard kernel.count >= SummationBlocks.shortest, kernel.count > kernel.tile else { return false }
        let blocks = kernel.sums.map { Int($0.block) }
        let unit = blocks.isEmpty ? kernel.tile : blocks.reduce(1, leastCommonMultiple)
        let parts = threads.indices.map { part($0, of: kernel.count, inMultiplesOf: unit) }
        let copies = parts.enumerated().map { thread, part in part.isEmpty ? nil : copy(kernel, part, thread) }
        append { copies[$0].map { .fused(UnsafePointer($0)) } }
        return true
    }

    /// The fused kernel over some of its elements, on a thread's registers.
    func copy(_ kernel: ablate_fused, _ part: Range<Int>, _ thread: Int) -> UnsafeMutablePointer<ablate_fused> {
        var copy = kernel
        (copy.first, copy.count) = (part.lowerBound, part.upperBound)
        copy.scratch = registers[thread]
        let stores = UnsafeMutablePointer<ablate_access>.allocate(capacity: max(1, Int(kernel.store_count)))
        accesses.append(stores)
        for index in 0..<Int(kernel.store_count) {
            stores[index] = kernel.stores[index]
            let row = stores[index].of_rows == 0 ? 1 : kernel.row
            // Kernels write whole vectors: past the end of a tile, or of a row, that is none, into what the next lane may have
            // written.
            let isEnd = part.upperBound == kernel.count || part.upperBound / row % 16 == 0
            let isWhole = isEnd && kernel.tile / row % 16 == 0 && kernel.row % 16 == 0
            if stores[index].kind == ABLATE_DIRECT, !isWhole { stores[index].kind = ABLATE_COPIED }
        }
        copy.stores = UnsafePointer(stores)
        kernels.append(.allocate(capacity: 1))
        kernels.last!.initialize(to: copy)
        return kernels.last!
    }

    /// A stack's products by its longest axis; the rows of a single one.
    private func part(_ thread: Int, of stack: ablate_products) -> UnsafePointer<ablate_products>? {
        var copy = stack
        if let axis = stack.longestAxis {
            let places = part(thread, of: stack.extents[axis])
            guard !places.isEmpty else { return nil }
            copy.narrow(axis, to: places)
        } else {
            let rows = part(thread, of: stack.m)
            guard !rows.isEmpty else { return nil }
            copy.m = rows.count
            copy.a += rows.lowerBound * stack.a_row
            copy.out += rows.lowerBound * stack.out_row
        }
        copy.packed = allocate(floats: stack.k * ((stack.n + 15) / 16 * 16))
        stacks.append(.allocate(capacity: 1))
        stacks.last!.initialize(to: copy)
        return UnsafePointer(stacks.last!)
    }

    /// Attention's samples.
    private func part(_ thread: Int, of attention: ablate_attention) -> UnsafePointer<ablate_attention>? {
        let samples = part(thread, of: attention.samples)
        guard !samples.isEmpty else { return nil }
        var copy = attention
        copy.narrow(to: samples)
        copy.scratch = allocate(floats: ablate_attention_scratch(copy.tokens, copy.size))
        attentions.append(.allocate(capacity: 1))
        attentions.last!.initialize(to: copy)
        return UnsafePointer(attentions.last!)
    }

    func allocate(floats count: Int) -> UnsafeMutablePointer<Float> {
        floats.append(AlignedMemory.allocate(floats: count))
        return floats.last!
    }
}

extension ablate_fused {
    /// The accesses that sum columns.
    var sums: [ablate_access] {
        UnsafeBufferPointer(start: stores, count: Int(store_count)).filter { $0.kind == ABLATE_GATHERED }
    }
}
