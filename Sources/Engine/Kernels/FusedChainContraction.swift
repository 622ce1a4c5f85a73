extension FusedChain.Builder {
    /// Takes each product that one sum or difference alone reads into it: a pass over the registers less.
    mutating func contractProducts() {
        let uses = useCounts
        var makers: [Int: Int] = [:], taken: Set<Int> = []
        var contracted = operations
        for (index, operation) in operations.enumerated() {
            if operation.code == Code.binary(.multiply) { makers[operation.out] = index }
            guard [Code.binary(.add), Code.binary(.subtract)].contains(operation.code) else { continue }
            let place = [1, 0].first { place in
                let register = operation.inputs[place]
                return uses[register] == 1
                    && makers[register].map { operations[$0].isOfRows == operation.isOfRows } == true
            }
            guard let place, let product = makers[operation.inputs[place]] else { continue }
            contracted[index].code =
                operation.code == Code.binary(.add)
                ? Code.multiplyAdd : place == 0 ? Code.multiplySubtract : Code.subtractProduct
            contracted[index].inputs = operations[product].inputs + [operation.inputs[1 - place]]
            taken.insert(product)
        }
        operations = contracted.indices.filter { !taken.contains($0) }.map { contracted[$0] }
    }

    /// How often each register is read, by operations and by memory.
    private var useCounts: [Int] {
        var counts = Array(repeating: 0, count: registerCount)
        for input in operations.flatMap(\.inputs) + stores.map(\.register) { counts[input] += 1 }
        return counts
    }
}
