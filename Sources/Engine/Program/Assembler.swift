import CKernels

/// Turns the stages of a schedule into instructions, now that every value has an address.
struct Assembler {
    let graph: Graph
    let plan: MemoryPlan
    let arena: UnsafeMutablePointer<Float>
    let inputs: [UnsafeMutablePointer<Float>]
    let precision: Precision
    private(set) var instructions: [Instruction] = []
    /// What chain instructions point at.
    private(set) var chains: [FusedChain] = []
    /// What instructions of small products point at.
    private(set) var stacks: [ProductStack] = []
    /// What instructions of attention point at.
    private(set) var attentions: [AttentionHeads] = []

    init(
        graph: Graph, plan: MemoryPlan, arena: UnsafeMutablePointer<Float>, inputs: [UnsafeMutablePointer<Float>],
        precision: Precision
    ) {
        self.graph = graph
        self.plan = plan
        self.arena = arena
        self.inputs = inputs
        self.precision = precision
    }

    func address(of value: Int) -> UnsafeMutablePointer<Float> {
        switch plan.places[value] {
        case .input(let index): inputs[index]
        case .arena(let offset): arena + offset
        case .constant:
            if case .constant(let storage) = graph.values[value].origin {
                storage.base
            } else {
                preconditionFailure("value \(value) has no memory")
            }
        }
    }

    func address(of view: View) -> UnsafeMutablePointer<Float> { address(of: view.value) + view.offset }

    mutating func append(_ stage: Schedule.Stage) {
        switch stage {
        case .chain(let values, let again): appendChain(values, again: again)
        case .single(let value): appendSingle(value)
        }
    }

    /// A new state that could not be written in place.
    mutating func appendCopy(of view: View, toInput input: Int) {
        appendMove(from: view, to: View(value: input, shape: Shape(view.extents)))
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
        case .product(let a, let b, let place):
            if ProductStack.takes(a, b, place: place) {
                let stack = ProductStack(a, address(of: a), b, address(of: b), place, out)
                stacks.append(stack)
                instructions.append(.products(UnsafePointer(stack.content)))
                return
            }
            for (batchA, batchB, batchOut) in MatrixProduct.batches(a, b) {
                instructions.append(
                    .product(
                        MatrixProduct(a, address(of: a) + batchA, b, address(of: b) + batchB, out + batchOut, precision)
                    ))
            }
        case .attention(let part, let heads, let views):
            let attention = AttentionHeads(
                part, heads: heads, Shape(views[0].extents), address(of: views[0]),
                other: views.count > 1 ? address(of: views[1]) : nil, out)
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

    private mutating func appendMove(from source: View, to target: View) {
        var builder = FusedChain.Builder()
        let register = builder.load(source, memory(source), isOfRows: false)
        builder.store(
            builder.operate(Code.copy, [register], isOfRows: false), to: target, at: address(of: target.value),
            isRead: false,
            endsItsMemory: target.isWhole(of: graph.values[target.value].shape), isOfRows: false)
        finish(builder)
    }

    private mutating func appendChain(_ values: [Int], again: [Int]) {
        var builder = FusedChain.Builder()
        let all = again.isEmpty ? values : (values + again).sorted()
        let members = Set(all)
        var registers: [Int: Int] = [:]
        let count = values.map { value in
            graph.work(value)!.rowLength == nil ? graph.values[value].shape.count : graph.work(value)!.operands[0].count
        }.max()!
        builder.row = values.compactMap { graph.work($0)!.rowLength }.first ?? 0
        for value in all where !graph.isColumnSum(value) {
            let work = graph.work(value)!
            // A number for each row, made of such numbers, or of the elements.
            let isOfRows = graph.values[value].shape.count < count
            let inputs = work.operands.map { view -> Int in
                let readsRows = isOfRows && work.rowLength == nil
                guard members.contains(view.value), let register = registers[view.value] else {
                    return builder.load(view, memory(view), isOfRows: readsRows)
                }
                let shape = graph.values[view.value].shape
                if view.isWhole(of: shape) { return register }
                if shape.count < count, view.repeatsRows(of: shape) { return builder.spread(register) }
                return builder.load(view, memory(view), isOfRows: readsRows)
            }
            switch work {
            case .elementwise(let code, _): registers[value] = builder.operate(code, inputs, isOfRows: isOfRows)
            case .sum: registers[value] = builder.operate(Code.rowSum, inputs, isOfRows: true)
            case .largest: registers[value] = builder.operate(Code.rowLargest, inputs, isOfRows: true)
            default: preconditionFailure("no member of a chain")
            }
        }
        let read = all.flatMap { graph.work($0)!.operands }.map(\.value)
        let readMemory = Set(read.filter { !members.contains($0) && !graph.isNumber($0) }.map { address(of: $0) })
        for value in values where plan.stored.contains(value) {
            let shape = graph.values[value].shape
            if let sum = graph.columnSum(value) {
                let register = registers[graph.work(value)!.operands[0].value]!
                builder.accumulate(register, sum, at: address(of: value), count: shape.count)
            } else {
                builder.store(
                    registers[value]!, to: View(value: value, shape: shape), at: address(of: value),
                    isRead: readMemory.contains(address(of: value)), endsItsMemory: true, isOfRows: shape.count < count)
            }
        }
        finish(builder)
    }

    private func memory(_ view: View) -> FusedChain.Memory {
        if case .number(let number) = graph.values[view.value].origin { return .number(Float(number)) }
        return .address(address(of: view.value))
    }

    private mutating func finish(_ builder: FusedChain.Builder) {
        let chain = FusedChain(builder)
        chains.append(chain)
        instructions.append(.chain(UnsafePointer(chain.content)))
    }
}
