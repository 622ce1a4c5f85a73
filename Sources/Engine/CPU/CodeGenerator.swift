import CKernels
import Tensors

/// Generates the instructions of a schedule's stages from the addresses of a memory plan.
struct CodeGenerator {
    let graph: Graph
    let plan: MemoryPlan
    let arena: UnsafeMutablePointer<Float>
    let buffers: InputBuffers
    let precision: Precision
    /// The memory of blocks' sums, which stages and groups use one after the other.
    private let blockSums: UnsafeMutablePointer<Float>
    /// The number of floats of `blockSums` that are in use.
    private var blockSumsTaken = 0
    private(set) var passes: [Pass] = []
    var instructions: [Instruction] = []
    /// Instructions that run once before, and once after, all batch tiles of `instructions`.
    private var before: [Instruction] = []
    private var after: [Instruction] = []
    /// The number of batch tiles of the instructions that are appended.
    private(set) var batchTiles = 1
    /// The fused kernels that instructions point at.
    var kernels: [FusedKernel] = []
    /// The stacks of small products that instructions point at.
    private(set) var stacks: [ProductStack] = []
    /// The attentions that instructions point at.
    private(set) var attentions: [AttentionHeads] = []

    init(
        graph: Graph, plan: MemoryPlan, arena: UnsafeMutablePointer<Float>, buffers: InputBuffers, precision: Precision,
        blockSums: UnsafeMutablePointer<Float>
    ) {
        self.graph = graph
        self.plan = plan
        self.arena = arena
        self.buffers = buffers
        self.precision = precision
        self.blockSums = blockSums
    }

    func address(of value: Int) -> UnsafeMutablePointer<Float> {
        switch plan.places[value] {
        case .input(let index): buffers.inputs[index]
        case .arena(let offset): arena + offset
        case .constant:
            if case .constant(let storage) = graph.values[value].origin {
                buffers.constant(value) ?? storage.base
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
            batchTiles = group.count
            while stage < group.stages.upperBound { append(schedule.stages[stage], &stage) }
            close(group, memory)
            batchTiles = 1
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

    /// The memory in which a fused kernel accumulates a sum over columns: that of the value itself, or that of blocks, which is
    /// cleared before and added up after.
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

    /// Products of batch tiles have their second operand packed before the first.
    private mutating func close(_ group: BatchTiling.Group, _ memory: MemoryPlan.GroupMemory) {
        passes += before.map { Pass([$0]) }
        var packed = arena + memory.packedOffset
        for (index, instruction) in instructions.enumerated() {
            guard case .matmul(var product) = instruction, product.packedFloats > 0 else { continue }
            product.keepPacked(in: packed)
            packed += product.packedFloats
            instructions[index] = .matmul(product)
            passes.append(Pass([.pack(product)]))
        }
        passes.append(
            Pass(
                instructions, batchTiles: 0..<batchTiles,
                memory: .init(base: arena + memory.offset, floats: memory.floats)))
        passes += after.map { Pass([$0]) }
        instructions = []
        endSums()
    }

    /// A view's first batch tile, and how far the next lies from it: nowhere else where a value lives in a batch tile.
    func batchTile(_ view: View) -> (view: View, shift: Int) {
        let batchTile = view.batchTile(of: batchTiles)
        return plan.tiled.contains(view.value) ? (batchTile.view, 0) : batchTile
    }

    private mutating func append(_ stage: Schedule.Stage, _ index: inout Int) {
        index += 1
        switch stage {
        case .fused(let values, let rematerialized): appendFusedKernel(values, rematerialized: rematerialized)
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
        case .elementwise: appendFusedKernel([value], rematerialized: [])
        case .random(let distribution, let key, let step):
            instructions.append(.random(distribution, key, out, count: shape.count, step: address(of: step)))
        case .sum(let view, let fold):
            instructions.append(
                .sum(out, address(of: view), outer: fold.outer, reduced: fold.reduced, inner: fold.inner))
        case .max(let view, let fold):
            instructions.append(
                .max(out, address(of: view), outer: fold.outer, reduced: fold.reduced, inner: fold.inner))
        case .matmul(let a, let b, let place, let bias):
            let bias = bias.map { UnsafePointer(address(of: $0)) }
            if ProductStack.takes(a, b, place: place) {
                let stack = ProductStack(a, address(of: a), b, address(of: b), place, out)
                stacks.append(stack)
                instructions.append(.products(UnsafePointer(stack.content)))
                return
            }
            if batchTiles > 1 {
                var product = MatrixProduct(a, address(of: a), b, address(of: b), out, bias: bias, precision)
                product.divide(into: batchTiles, shiftA: batchTile(a).shift, shiftOut: batchTile(place).shift)
                instructions.append(.matmul(product))
                return
            }
            for (batchA, batchB, batchOut) in MatrixProduct.batches(a, b) {
                instructions.append(
                    .matmul(
                        MatrixProduct(
                            a, address(of: a) + batchA, b, address(of: b) + batchB, out + batchOut, bias: bias,
                            precision)))
            }
        case .attention(let part, let heads, let views):
            let parts = views.map(batchTile)
            let attention = AttentionHeads(
                part, heads: heads, Shape(parts[0].view.extents), address(of: views[0]),
                other: views.count > 1 ? address(of: views[1]) : nil, out,
                shifts: [parts[0].shift, parts.last!.shift, batchTile(View(value: value, shape: shape)).shift])
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
