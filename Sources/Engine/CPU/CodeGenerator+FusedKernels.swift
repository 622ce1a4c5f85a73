import CKernels
import Tensors

/// Generates fused kernels, and moves, which are fused kernels of a single copy.
extension CodeGenerator {
    mutating func appendMove(from source: View, to target: View) {
        var builder = FusedKernel.Builder(elements: source.count)
        let register = builder.load(source, memory(source), isOfRows: false)
        builder.store(
            builder.operate(Code.copy, [register], isOfRows: false), to: target, at: address(of: target.value),
            isRead: false,
            endsItsMemory: target.isWhole(of: graph.values[target.value].shape), isOfRows: false)
        finish(builder)
    }

    mutating func appendFusedKernel(_ values: [Int], rematerialized: [Int]) {
        let count = values.map { graph.fusedShape($0).count }.max()!
        var builder = FusedKernel.Builder(elements: count / batchTiles)
        let all = rematerialized.isEmpty ? values : (values + rematerialized).sorted()
        let members = Set(all)
        var registers: [Int: Int] = [:]
        builder.row = values.compactMap { graph.work($0)!.rowLength }.first ?? 0
        for value in all where !graph.isColumnSum(value) {
            let work = graph.work(value)!
            // A number for each row, made of such numbers, or of the elements.
            let isOfRows = graph.values[value].shape.count < count
            let inputs = work.operands.map { view -> Int in
                let readsRows = isOfRows && work.rowLength == nil
                guard members.contains(view.value), let register = registers[view.value] else {
                    return load(view, into: &builder, isOfRows: readsRows)
                }
                let shape = graph.values[view.value].shape
                if view.isWhole(of: shape) { return register }
                if shape.count < count, view.repeatsRows(of: shape) { return builder.spread(register) }
                return load(view, into: &builder, isOfRows: readsRows)
            }
            switch work {
            case .elementwise(let code, _): registers[value] = builder.operate(code, inputs, isOfRows: isOfRows)
            case .sum: registers[value] = builder.operate(Code.rowSum, inputs, isOfRows: true)
            case .max: registers[value] = builder.operate(Code.rowMax, inputs, isOfRows: true)
            default: preconditionFailure("no member of a kernel")
            }
        }
        let read = all.flatMap { graph.work($0)!.operands }.map(\.value)
        let readMemory = Set(read.filter { !members.contains($0) && !graph.isNumber($0) }.map { address(of: $0) })
        for value in values where plan.stored.contains(value) {
            let shape = graph.values[value].shape
            if let sum = graph.columnSum(value) {
                let operand = graph.work(value)!.operands[0].value
                let whole = View(value: operand, shape: Shape(sum.extents))
                let register = registers[operand] ?? load(whole, into: &builder, isOfRows: false)
                let part = batchTile(sum)
                let blocks = SummationBlocks(sum)
                let memory = memory(ofSum: value, in: blocks)
                builder.accumulate(
                    register, part.view, at: memory.base, block: blocks.elements, blockShift: memory.blockShift,
                    shift: part.shift)
            } else {
                let part = batchTile(View(value: value, shape: shape))
                builder.store(
                    registers[value]!, to: part.view, at: address(of: value),
                    isRead: readMemory.contains(address(of: value)), endsItsMemory: part.shift == 0,
                    isOfRows: shape.count < count, shift: part.shift)
            }
        }
        finish(builder)
    }

    /// A number for each row that is wanted at each element is loaded as it is, not written out to whole rows.
    private func load(_ view: View, into builder: inout FusedKernel.Builder, isOfRows: Bool) -> Int {
        let shape = graph.values[view.value].shape
        if !isOfRows, builder.row > 0, shape.count * builder.row == view.count, view.repeatsRows(of: shape) {
            return builder.spread(load(View(value: view.value, shape: shape), into: &builder, isOfRows: true))
        }
        let part = batchTile(view)
        return builder.load(part.view, memory(view), isOfRows: isOfRows, shift: part.shift)
    }

    private func memory(_ view: View) -> FusedKernel.Memory {
        if case .number(let number) = graph.values[view.value].origin { return .number(Float(number)) }
        return .address(address(of: view.value))
    }

    private mutating func finish(_ builder: FusedKernel.Builder) {
        let kernel = FusedKernel(builder)
        kernels.append(kernel)
        instructions.append(.fused(UnsafePointer(kernel.content)))
    }
}
