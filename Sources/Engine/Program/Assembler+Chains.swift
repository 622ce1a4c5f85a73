import CKernels

/// Chains, and moves, which are chains of one copy.
extension Assembler {
    mutating func appendMove(from source: View, to target: View) {
        var builder = FusedChain.Builder()
        let register = builder.load(source, memory(source), isOfRows: false)
        builder.store(
            builder.operate(Code.copy, [register], isOfRows: false), to: target, at: address(of: target.value),
            isRead: false,
            endsItsMemory: target.isWhole(of: graph.values[target.value].shape), isOfRows: false)
        finish(builder)
    }

    mutating func appendChain(_ values: [Int], again: [Int]) {
        var builder = FusedChain.Builder()
        let all = again.isEmpty ? values : (values + again).sorted()
        let members = Set(all)
        var registers: [Int: Int] = [:]
        let longest = values.max { graph.chainShape($0).count < graph.chainShape($1).count }!
        let count = graph.chainShape(longest).count
        builder.elements = band(View(value: longest, shape: graph.chainShape(longest))).view.count
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
            case .largest: registers[value] = builder.operate(Code.rowLargest, inputs, isOfRows: true)
            default: preconditionFailure("no member of a chain")
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
                let part = band(sum)
                builder.accumulate(
                    register, part.view, at: address(of: value), count: shape.count, shift: part.shift)
            } else {
                let part = band(View(value: value, shape: shape))
                builder.store(
                    registers[value]!, to: part.view, at: address(of: value),
                    isRead: readMemory.contains(address(of: value)), endsItsMemory: part.shift == 0,
                    isOfRows: shape.count < count, shift: part.shift)
            }
        }
        finish(builder)
    }

    /// A number for each row that is wanted at each element is loaded as it is, not written out to whole rows.
    private func load(_ view: View, into builder: inout FusedChain.Builder, isOfRows: Bool) -> Int {
        let shape = graph.values[view.value].shape
        if !isOfRows, builder.row > 0, shape.count * builder.row == view.count, view.repeatsRows(of: shape) {
            return builder.spread(load(View(value: view.value, shape: shape), into: &builder, isOfRows: true))
        }
        let part = band(view)
        return builder.load(part.view, memory(view), isOfRows: isOfRows, shift: part.shift)
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
