import Tensors

/// Two operations that the kernels do in one pass over the registers, where nothing else reads what the first makes.
private struct Form {
    let first, second: Int32
    /// The inputs of the second operation that may be the result of the first.
    let places: [Int]
    /// The code of the combined operation; its inputs are those of the first and the remaining ones of the second.
    let code: Int32

    static let all = [
        Form(Code.spread, .add, places: [0, 1], Code.rowAdd),
        Form(Code.spread, .subtract, places: [1], Code.rowSubtract),
        Form(Code.spread, .multiply, places: [0, 1], Code.rowMultiply),
        Form(Code.binary(.multiply), .add, places: [1, 0], Code.multiplyAdd),
        Form(Code.binary(.multiply), .subtract, places: [0], Code.multiplySubtract),
        Form(Code.binary(.multiply), .subtract, places: [1], Code.subtractProduct),
        Form(Code.binary(.siluSlope), .multiply, places: [0, 1], Code.siluAlong),
        Form(Code.binary(.geluSlope), .multiply, places: [0, 1], Code.geluAlong),
        Form(Code.unary(.sigmoid), .silu, places: [1], Code.silu),
        Form(Code.unary(.geluGate), .gelu, places: [1], Code.gelu),
        Form(Code.unary(.sigmoid), Code.siluAlong, places: [1], Code.siluLinear),
        Form(Code.unary(.geluGate), Code.geluAlong, places: [1], Code.geluLinear),
    ]

    private init(_ first: Int32, _ second: Binary, places: [Int], _ code: Int32) {
        self.init(first, Code.binary(second), places: places, code)
    }

    private init(_ first: Int32, _ second: Int32, places: [Int], _ code: Int32) {
        (self.first, self.second, self.places, self.code) = (first, second, places, code)
    }
}

extension FusedKernel.Builder {
    /// Takes each operation into the one that alone reads it, where there is a form for both; a row's number, which costs nothing
    /// to read again, into all.
    mutating func contractOperations() {
        var uses = useCounts
        var makers: [Int: Int] = [:], taken: Set<Int> = []
        for index in operations.indices {
            // In their order, so that what two became may be the second of two that come later.
            for form in Form.all where form.second == operations[index].code {
                let place = form.places.first { place in
                    let register = operations[index].inputs[place]
                    guard let maker = makers[register].map({ operations[$0] }) else { return false }
                    return maker.code == form.first && maker.isOfRows == operations[index].isOfRows
                        && (uses[register] == 1 || form.first == Code.spread)
                }
                guard let place, let maker = makers[operations[index].inputs[place]] else { continue }
                let register = operations[index].inputs.remove(at: place)
                operations[index].inputs.insert(contentsOf: operations[maker].inputs, at: 0)
                operations[index].code = form.code
                uses[register] -= 1
                if uses[register] == 0 { taken.insert(maker) }
            }
            makers[operations[index].out] = index
        }
        operations = operations.indices.filter { !taken.contains($0) }.map { operations[$0] }
    }

    /// The number of times that each register is read, by operations and by stores.
    private var useCounts: [Int] {
        var counts = Array(repeating: 0, count: registerCount)
        for input in operations.flatMap(\.inputs) + stores.map(\.register) { counts[input] += 1 }
        return counts
    }
}
