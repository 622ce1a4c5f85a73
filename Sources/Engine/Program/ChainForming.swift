/// Gathers values that are ready together into chains, each chain after those it reads.
struct ChainForming {
    private struct Chain {
        /// Extents of its elements, without those of 1.
        let shape: [Int]
        /// Elements in a row, where the chain reduces rows.
        var row: Int?
        var values: [Int]
        /// What is made or read element by element: to read it once is why values are in one chain. A bias that two branches of a step
        /// share is no reason, and would tie the branches together: without, a transformer's step takes 561 MiB instead of
        /// 726.
        var touched: Set<Int>

        /// Extents of its rows.
        var rows: [Int]? {
            guard var rest = row else { return nil }
            var extents = shape
            while rest > 1 { rest /= extents.removeLast() }
            return extents
        }
    }

    /// A chain is closed at this many operations: three operands and a result each, it stays within the kernels' registers.
    static let longest = 60

    private let graph: Graph
    private var chains: [Chain] = []
    private var chainOf: [Int: Int] = [:]

    static func chains(of values: [Int], _ graph: Graph) -> [[Int]] {
        var forming = ChainForming(graph: graph)
        for value in values { forming.place(value) }
        return forming.chains.map(\.values)
    }

    private init(graph: Graph) { self.graph = graph }

    private mutating func place(_ value: Int) {
        let work = graph.work(value)!
        let operands = work.operands.filter { !graph.isNumber($0.value) }
        let extents = graph.chainShape(value).dimensions.filter { $0 != 1 }
        let latest = operands.compactMap { earliest(for: value, reading: $0) }.max() ?? -1
        let touched = Set(operands.filter { !$0.repeatsElements }.map(\.value))
        // A chain may be joined if it is not before one that this value reads, and shares something with it.
        let joined = chains.indices.first {
            $0 >= latest && chains[$0].values.count < Self.longest && takes(value, operands, extents, in: chains[$0])
                && ($0 == latest || !chains[$0].touched.isDisjoint(with: touched))
        }
        let index =
            joined
            ?? insert(Chain(shape: extents, row: work.rowLength, values: [], touched: []), dependsOnOthers: latest >= 0)
        if let row = work.rowLength { chains[index].row = row }
        append(value, operands, to: index)
    }

    private mutating func append(_ value: Int, _ operands: [View], to index: Int) {
        chains[index].values.append(value)
        chains[index].touched.formUnion(operands.filter { !$0.repeatsElements }.map(\.value))
        chains[index].touched.insert(value)
        chainOf[value] = index
    }

    /// The first chain that may read a view: the one that makes the value where it hands on its elements, or its rows' numbers, in
    /// order; else the next.
    private func earliest(for value: Int, reading view: View) -> Int? {
        guard let index = chainOf[view.value] else { return nil }
        let shape = graph.values[view.value].shape
        let isHandedOn = !graph.isColumnSum(view.value) && (view.isWhole(of: shape) || view.repeatsRows(of: shape))
        return isHandedOn ? index : index + 1
    }

    private func takes(_ value: Int, _ operands: [View], _ extents: [Int], in chain: Chain) -> Bool {
        if let row = graph.work(value)!.rowLength { return chain.shape == extents && (chain.row ?? row) == row }
        if chain.shape == extents { return true }
        // A number of each row: its operands are such numbers too. A sum over such numbers goes over them, not over elements.
        return chain.rows == extents && !graph.isColumnSum(value)
            && operands.allSatisfy { $0.isWhole(of: graph.values[$0.value].shape) }
    }

    /// A new chain: after the others if it reads them, else before all that are larger, so that these can read it.
    private mutating func insert(_ chain: Chain, dependsOnOthers: Bool) -> Int {
        let count = chain.shape.reduce(1, *)
        let index = dependsOnOthers ? chains.count : chains.firstIndex { $0.shape.reduce(1, *) > count } ?? chains.count
        chains.insert(chain, at: index)
        for (value, position) in chainOf where position >= index { chainOf[value] = position + 1 }
        return index
    }
}
