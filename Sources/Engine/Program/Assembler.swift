import CKernels

/// Turns the stages of a schedule into instructions, now that every value has an address.
struct Assembler {
    let graph: Graph
    let plan: MemoryPlan
    let arena: UnsafeMutablePointer<Float>
    let given: GivenMemory
    let precision: Precision
    /// Memory of blocks' sums, for one stage or one group after the other.
    private let blockSums: UnsafeMutablePointer<Float>
    /// Floats of it that are taken.
    private var blockSumsTaken = 0
    private(set) var passes: [Pass] = []
    var instructions: [Instruction] = []
    /// What is done before and after all bands of the instructions.
    private var before: [Instruction] = []
    private var after: [Instruction] = []
    /// Bands of what is appended.
    private(set) var bands = 1
    /// What chain instructions point at.
    var chains: [FusedChain] = []
    /// What instructions of small products point at.
    private(set) var stacks: [ProductStack] = []
    /// What instructions of attention point at.
    private(set) var attentions: [AttentionHeads] = []

    init(
        graph: Graph, plan: MemoryPlan, arena: UnsafeMutablePointer<Float>, given: GivenMemory, precision: Precision,
        blockSums: UnsafeMutablePointer<Float>
    ) {
        self.graph = graph
        self.plan = plan
        self.arena = arena
        self.given = given
        self.precision = precision
        self.blockSums = blockSums
    }

    func address(of value: Int) -> UnsafeMutablePointer<Float> {
        switch plan.places[value] {
        case .input(let index): given.inputs[index]
        case .arena(let offset): arena + offset
        case .constant:
            if case .constant(let storage) = graph.values[value].origin {
                given.constant(value) ?? storage.base
            } else {
                preconditionFailure("value \(value) has no memory")
            }
        }
    }

    func address(of view: View) -> UnsafeMutablePointer<Float> { address(of: view.value) + view.offset }

    mutating func append(_ schedule: Schedule) {
        var stage = 0
        for (group, memory) in zip(schedule.groups, plan.groups) {
            while stage < group.stages.lowerBound { appendAlone(schedule.stages[stage], &stage) }
            bands = group.count
            while stage < group.stages.upperBound { append(schedule.stages[stage], &stage) }
            close(group, memory)
            bands = 1
        }
        while stage < schedule.stages.count { appendAlone(schedule.stages[stage], &stage) }
    }

    private mutating func appendAlone(_ stage: Schedule.Stage, _ index: inout Int) {
        append(stage, &index)
        closeAlone()
    }

    private mutating func closeAlone() {
        passes += (before + instructions + after).map { Pass([$0]) }
        instructions = []
        endSums()
    }

    private mutating func endSums() {
        (before, after, blockSumsTaken) = ([], [], 0)
    }

    /// Where a chain adds the columns of what a value is the sum of: its own memory, or that of blocks, cleared before and added after.
    mutating func memory(ofSum value: Int, in blocks: SummationBlocks) -> (
        base: UnsafeMutablePointer<Float>, blockShift: Int
    ) {
        let out = address(of: value), numbers = graph.values[value].shape.count
        let floats = blocks.floats(of: numbers)
        guard floats > 0 else {
            before.append(.clear(out, count: numbers))
            return (out, 0)
        }
        let base = blockSums + blockSumsTaken
        blockSumsTaken += floats
        before.append(.clear(base, count: floats))
        after.append(.sum(out, base, outer: 1, reduced: blocks.count, inner: numbers))
        return (base, numbers)
    }

    /// Products of bands have their second operand packed before the first.
    private mutating func close(_ group: Banding.Group, _ memory: MemoryPlan.GroupMemory) {
        passes += before.map { Pass([$0]) }
        var packed = arena + memory.packedOffset
        for (index, instruction) in instructions.enumerated() {
            guard case .product(var product) = instruction, product.packedFloats > 0 else { continue }
            product.keepPacked(in: packed)
            packed += product.packedFloats
            instructions[index] = .product(product)
            passes.append(Pass([.pack(product)]))
        }
        passes.append(
            Pass(
                instructions, bands: 0..<bands,
                memory: .init(base: arena + memory.offset, floats: memory.floats)))
        passes += after.map { Pass([$0]) }
        instructions = []
        endSums()
    }

    /// A view's first band, and how far the next lies from it: nowhere else where a value lives in a band.
    func band(_ view: View) -> (view: View, shift: Int) {
        let band = view.band(of: bands)
        return plan.banded.contains(view.value) ? (band.view, 0) : band
    }

    private mutating func append(_ stage: Schedule.Stage, _ index: inout Int) {
        index += 1
        switch stage {
        case .chain(let values, let again): appendChain(values, again: again)
        case .single(let value): appendSingle(value)
        }
    }

    /// A new state that could not be written in place.
    mutating func appendCopy(of view: View, toInput input: Int) {
        appendMove(from: view, to: View(value: input, shape: Shape(view.extents)))
        closeAlone()
    }

    private mutating func appendSingle(_ value: Int) {
        let out = address(of: value)
        let shape = graph.values[value].shape
        switch graph.work(value)! {
        case .elementwise: appendChain([value], again: [])
        case .random(let law, let key, let step):
            instructions.append(.random(law, key, out, count: shape.count, step: address(of: step)))
        case .sum(let view, let fold):
            instructions.append(
                .sum(out, address(of: view), outer: fold.outer, reduced: fold.reduced, inner: fold.inner))
        case .largest(let view, let fold):
            instructions.append(
                .largest(out, address(of: view), outer: fold.outer, reduced: fold.reduced, inner: fold.inner))
        case .product(let a, let b, let place, let bias):
            let bias = bias.map { UnsafePointer(address(of: $0)) }
            if ProductStack.takes(a, b, place: place) {
                let stack = ProductStack(a, address(of: a), b, address(of: b), place, out)
                stacks.append(stack)
                instructions.append(.products(UnsafePointer(stack.content)))
                return
            }
            if bands > 1 {
                var product = MatrixProduct(a, address(of: a), b, address(of: b), out, bias: bias, precision)
                product.divide(into: bands, shiftA: band(a).shift, shiftOut: band(place).shift)
                instructions.append(.product(product))
                return
            }
            for (batchA, batchB, batchOut) in MatrixProduct.batches(a, b) {
                instructions.append(
                    .product(
                        MatrixProduct(
                            a, address(of: a) + batchA, b, address(of: b) + batchB, out + batchOut, bias: bias,
                            precision)))
            }
        case .attention(let part, let heads, let views):
            let parts = views.map(band)
            let attention = AttentionHeads(
                part, heads: heads, Shape(parts[0].view.extents), address(of: views[0]),
                other: views.count > 1 ? address(of: views[1]) : nil, out,
                shifts: [parts[0].shift, parts.last!.shift, band(View(value: value, shape: shape)).shift])
            attentions.append(attention)
            instructions.append(.attention(UnsafePointer(attention.content)))
        case .gather(let table, let indices):
            instructions.append(
                .gather(
                    out, table: address(of: table), rows: table.extents[0], columns: table.extents[1],
                    indices: address(of: indices), count: indices.count))
        case .scatterAdd(let updates, let indices):
            instructions.append(
                .scatterAdd(
                    out, rows: shape[0], columns: shape[1], updates: address(of: updates),
                    indices: address(of: indices),
                    count: indices.count))
        case .assemble(let parts, let fills):
            if !fills { instructions.append(.clear(out, count: shape.count)) }
            for (part, place) in parts where part.count > 0 { appendMove(from: part, to: place) }
        }
    }
}
