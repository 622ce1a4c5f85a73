import Tensors

/// The elementwise values that fused kernels compute again where they read them, instead of loading them from memory.
///
/// A value made from one array that is in memory anyway (and rows or columns beside it) costs its reader no more traffic than the
/// value itself would, and its maker the store less. An activation's derivative is had again from the product before it; a norm's
/// result from the norm's input.
///
/// It is for memory: a transformer's step took 924 MiB instead of 1,199 before it went one batch tile at a time, a perceptron's 144
/// instead of 167. Its time is no longer for it: 1 to 2 % less in three of four interleaved pairs, which is within their spread.
struct Rematerialization {
    /// Rematerialize only values that take at most this many elementwise operations.
    private static let longest = 16
    /// Greatest number of arrays that such a value is computed from; all but one are far smaller than it.
    private static let mostSources = 5

    private struct Origin {
        /// Views of what is in memory.
        var sources: Set<View> = []
        var operations = 1
    }

    private let graph: Graph
    private let smallest: Int
    /// The sources from which each rematerializable value is computed.
    private var origins: [Int: Origin] = [:]

    /// For each stage, the values of earlier stages that it rematerializes, each after its operands.
    /// - Parameter smallest: values with fewer elements are kept.
    static func values(for stages: [Schedule.Stage], _ graph: Graph, from smallest: Int) -> [[Int]] {
        var analysis = Rematerialization(graph: graph, smallest: smallest)
        var stageOf: [Int: Int] = [:]
        for (index, stage) in stages.enumerated() {
            for value in stage.values { stageOf[value] = index }
        }
        var isReadElsewhere: Set<Int> = []
        for (index, stage) in stages.enumerated() {
            for view in stage.values.flatMap({ graph.work($0)!.operands }) where stageOf[view.value] != index {
                isReadElsewhere.insert(view.value)
            }
        }
        for value in stageOf.keys.sorted() { analysis.findOrigin(of: value, inMemory: isReadElsewhere) }
        return stages.enumerated().map { index, stage in
            guard case .fused(let members, _) = stage else { return [] }
            return analysis.rematerialized(for: members) { stageOf[$0] == index }
        }
    }

    private init(graph: Graph, smallest: Int) { (self.graph, self.smallest) = (graph, smallest) }

    private mutating func findOrigin(of value: Int, inMemory: Set<Int>) {
        let shape = graph.values[value].shape
        guard case .elementwise(_, let operands) = graph.work(value), shape.count >= smallest else { return }
        var origin = Origin()
        for view in operands where !graph.isNumber(view.value) {
            if let known = origins[view.value], view.isWhole(of: graph.values[view.value].shape) {
                origin.sources.formUnion(known.sources)
                origin.operations += known.operations
            } else if origins[view.value] == nil,
                graph.work(view.value)?.isElementwise != true || inMemory.contains(view.value)
            {
                origin.sources.insert(view)
            } else {
                return
            }
        }
        let large = origin.sources.filter {
            !$0.strides.contains(0) || graph.values[$0.value].shape.count * 8 > shape.count
        }
        if large.count == 1, large.first!.isContiguous, origin.sources.count <= Self.mostSources,
            origin.operations <= Self.longest
        {
            origins[value] = origin
        }
    }

    private func rematerialized(for members: [Int], isOwn: (Int) -> Bool) -> [Int] {
        var result: Set<Int> = []
        var pending = members
        let elements = members.map { graph.fusedShape($0).count }.max()
        while let value = pending.popLast() {
            for view in graph.work(value)!.operands
            where origins[view.value] != nil && !isOwn(view.value) && view.isWhole(of: graph.values[view.value].shape) {
                // Read in the shape that it was made in, or as the same elements in order.
                let extents = view.extents.filter { $0 != 1 }
                guard extents == graph.values[view.value].shape.dimensions.filter({ $0 != 1 }) else { continue }
                // Where it is of rows, the fused kernel reads what it is made of as one number after the other.
                guard graph.values[view.value].shape.count == elements || isMadeInOrder(view.value) else { continue }
                if result.insert(view.value).inserted { pending.append(view.value) }
            }
        }
        return result.sorted()
    }

    private func isMadeInOrder(_ value: Int) -> Bool {
        graph.work(value)!.operands.allSatisfy {
            graph.isNumber($0.value) || $0.isWhole(of: graph.values[$0.value].shape)
        }
    }
}
