import CKernels

/// The instructions of a program divided among lanes that run side by side: of each instruction every lane does a part, by rows of
/// the batch where that can be, so that what a lane reads is mostly what it wrote.
///
/// What comes out has the bits of one lane: the parts of an element's own arithmetic are the whole's, and chains that sum columns are
/// divided between blocks of sums (`SummationBlocks`).
final class Division {
    /// For each lane equally many passes. None of a place depends on another of that place.
    var lanes: [[Pass]]
    /// Of each lane's chains.
    private var registers: [UnsafeMutablePointer<Float>] = []
    private var floats: [UnsafeMutablePointer<Float>] = []
    private var chains: [UnsafeMutablePointer<ablate_fused>] = []
    var accesses: [UnsafeMutablePointer<ablate_access>] = []
    private var stacks: [UnsafeMutablePointer<ablate_products>] = []
    var attentions: [UnsafeMutablePointer<ablate_attention>] = []

    init(_ passes: [Pass], among count: Int) {
        lanes = Array(repeating: [], count: count)
        let registerFloats = passes.registerFloats
        registers = lanes.map { _ in allocate(floats: registerFloats) }
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
        chains.forEach { $0.deallocate() }
        accesses.forEach { $0.deallocate() }
        stacks.forEach { $0.deallocate() }
        attentions.forEach { $0.deallocate() }
    }

    private func divide(_ instruction: Instruction) {
        switch instruction {
        case .chain(let chain): if !divide(chain.pointee) { append(instruction) }
        case .product(let product): append { product.part($0, of: self.lanes.count).map(Instruction.product) }
        case .products(let stack): append { self.part($0, of: stack.pointee).map(Instruction.products) }
        case .attention(let attention): append { self.part($0, of: attention.pointee).map(Instruction.attention) }
        case .sum(let out, let values, let outer, let reduced, let inner):
            append {
                let part = self.part($0, of: outer)
                return .sum(
                    out + part.lowerBound * inner, values + part.lowerBound * reduced * inner, outer: part.count,
                    reduced: reduced, inner: inner)
            }
        case .largest(let out, let values, let outer, let reduced, let inner):
            append {
                let part = self.part($0, of: outer)
                return .largest(
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

    /// The same place in all lanes; a lane without a part is idle.
    func append(_ part: (Int) -> Instruction?) {
        for lane in lanes.indices { lanes[lane].append(Pass([part(lane) ?? .idle])) }
    }

    private func append(_ instruction: Instruction) { append { $0 == 0 ? instruction : nil } }

    func part(_ lane: Int, of extent: Int, inMultiplesOf unit: Int = 1) -> Range<Int> {
        Portion(lane, of: lanes.count).range(of: extent, inMultiplesOf: unit)
    }

    /// Whether there was enough to divide.
    private func divide(_ chain: ablate_fused) -> Bool {
        guard chain.count >= SummationBlocks.shortest, chain.count > chain.tile else { return false }
        let blocks = chain.sums.map { Int($0.block) }
        let unit = blocks.isEmpty ? chain.tile : blocks.reduce(1, leastCommonMultiple)
        let parts = lanes.indices.map { part($0, of: chain.count, inMultiplesOf: unit) }
        let copies = parts.enumerated().map { lane, part in part.isEmpty ? nil : copy(chain, part, lane) }
        append { copies[$0].map { .chain(UnsafePointer($0)) } }
        return true
    }

    /// The chain over some of its elements, on a lane's registers.
    func copy(_ chain: ablate_fused, _ part: Range<Int>, _ lane: Int) -> UnsafeMutablePointer<ablate_fused> {
        var copy = chain
        (copy.first, copy.count) = (part.lowerBound, part.upperBound)
        copy.scratch = registers[lane]
        let stores = UnsafeMutablePointer<ablate_access>.allocate(capacity: max(1, Int(chain.store_count)))
        accesses.append(stores)
        for index in 0..<Int(chain.store_count) {
            stores[index] = chain.stores[index]
            let row = stores[index].of_rows == 0 ? 1 : chain.row
            // Kernels write whole vectors: past the end of a tile, or of a row, that is none, into what the next lane may have written.
            let isEnd = part.upperBound == chain.count || part.upperBound / row % 16 == 0
            let isWhole = isEnd && chain.tile / row % 16 == 0 && chain.row % 16 == 0
            if stores[index].kind == ABLATE_DIRECT, !isWhole { stores[index].kind = ABLATE_COPIED }
        }
        copy.stores = UnsafePointer(stores)
        chains.append(.allocate(capacity: 1))
        chains.last!.initialize(to: copy)
        return chains.last!
    }

    /// A stack's products by its longest axis; the rows of a single one.
    private func part(_ lane: Int, of stack: ablate_products) -> UnsafePointer<ablate_products>? {
        var copy = stack
        if let axis = stack.longestAxis {
            let places = part(lane, of: stack.extents[axis])
            guard !places.isEmpty else { return nil }
            copy.narrow(axis, to: places)
        } else {
            let rows = part(lane, of: stack.m)
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
    private func part(_ lane: Int, of attention: ablate_attention) -> UnsafePointer<ablate_attention>? {
        let samples = part(lane, of: attention.samples)
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
