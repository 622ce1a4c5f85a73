import Tensors

/// Gathers values that are ready together into fused kernels, each fused kernel after those it reads.
struct KernelFusion {
    private struct Kernel {
        /// Extents of its elements, without those of 1.
        let shape: [Int]
        /// Elements in a row, where the fused kernel reduces rows.
        var row: Int?
        var values: [Int]
        /// The values that are made or read element by element. Values are fused so that these are read once. A bias that two
        /// branches of a step share is no reason, and would tie the branches together: without, a transformer's step takes 561 MiB
        /// instead of 726.
        var touched: Set<Int>

        /// Extents of its rows.
        var rows: [Int]? {
            guard var rest = row else { return nil }
            var extents = shape
            while rest > 1 { rest /= extents.removeLast() }
            return extents
        }
    }

    /// A fused kernel is closed at this many operations: three operands and a result each, it stays within the kernels' registers.
    static let longest = 60

    private let graph: Graph
    private var kernels: [Kernel] = []
    private var kernelOf: [Int: Int] = [:]

    static func kernels(of values: [Int], _ graph: Graph) -> [[Int]] {
        var fusion = KernelFusion(graph: graph)
        for value in values { fusion.place(value) }
        return fusion.kernels.map(\.values)
    }

    private init(graph: Graph) { self.graph = graph }

    private mutating func place(_ value: Int) {
        let work = graph.work(value)!
        let operands = work.operands.filter { !graph.isNumber($0.value) }
        let extents = graph.fusedShape(value).dimensions.filter { $0 != 1 }
        let latest = operands.compactMap { earliest(for: value, reading: $0) }.max() ?? -1
        let touched = Set(operands.filter { !$0.repeatsElements }.map(\.value))
        // A fused kernel may be joined if it is not before one that this value reads, and shares something with it.
        let joined = kernels.indices.first {
            $0 >= latest && kernels[$0].values.count < Self.longest && takes(value, operands, extents, in: kernels[$0])
                && ($0 == latest || !kernels[$0].touched.isDisjoint(with: touched))
        }
        let index =
            joined
            ?? insert(
                Kernel(shape: extents, row: work.rowLength, values: [], touched: []), dependsOnOthers: latest >= 0)
        if let row = work.rowLength { kernels[index].row = row }
        append(value, operands, to: index)
    }

    private mutating func append(_ value: Int, _ operands: [View], to index: Int) {
        kernels[index].values.append(value)
        kernels[index].touched.formUnion(operands.filter { !$0.repeatsElements }.map(\.value))
        kernels[index].touched.insert(value)
        kernelOf[value] = index
    }

    /// The first fused kernel that may read a view: the one that makes the value where it hands on its elements, or its rows'
    /// numbers, in order; else the next.
    private func earliest(for value: Int, reading view: View) -> Int? {
        guard let index = kernelOf[view.value] else { return nil }
        let shape = graph.values[view.value].shape
        let isHandedOn = !graph.isColumnSum(view.value) && (view.isWhole(of: shape) || view.repeatsRows(of: shape))
        return isHandedOn ? index : index + 1
    }

    private func takes(_ value: Int, _ operands: [View], _ extents: [Int], in kernel: Kernel) -> Bool {
        if let row = graph.work(value)!.rowLength { return kernel.shape == extents && (kernel.row ?? row) == row }
        if kernel.shape == extents { return true }
        // A number of each row: its operands are such numbers too. A sum over such numbers goes over them, not over elements.
        return kernel.rows == extents && !graph.isColumnSum(value)
            && operands.allSatisfy { $0.isWhole(of: graph.values[$0.value].shape) }
    }

    /// A new fused kernel: after the others if it reads them, else before all that are larger, so that these can read it.
    private mutating func insert(_ kernel: Kernel, dependsOnOthers: Bool) -> Int {
        let count = kernel.shape.reduce(1, *)
        let index =
            dependsOnOthers ? kernels.count : kernels.firstIndex { $0.shape.reduce(1, *) > count } ?? kernels.count
        kernels.insert(kernel, at: index)
        for (value, position) in kernelOf where position >= index { kernelOf[value] = position + 1 }
        return index
    }
}
