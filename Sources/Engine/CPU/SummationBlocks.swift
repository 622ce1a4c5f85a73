import Tensors

/// The blocks of rows in which a fused kernel sums columns, each in order and by itself; then the blocks' sums are added, in order.
///
/// They follow from the shape alone. Threads share a fused kernel, and batch tiles of a batch are taken, at bounds of blocks, so
/// that the order in which numbers are added is the same for one thread and for several.
struct SummationBlocks {
    /// The number of blocks.
    let count: Int
    /// Elements of the fused kernel in a block, over all batch tiles.
    let elements: Int
    /// True if all rows add to the same numbers, so that each block has sums of its own; false if each block has its own part of
    /// the numbers.
    let isShared: Bool

    /// Threads that can share a fused kernel that sums columns, at most.
    private static let most = 16
    /// Rows in a block at least: adding the blocks' sums is an eighth of the work at most.
    private static let fewestRows = 8
    /// Elements below which a fused kernel has one block: threads do not meet for it.
    static let shortest = 4096

    /// - Parameter sum: the window on the sums in the extents of what is summed, over all batch tiles.
    init(_ sum: View) {
        let elements = sum.count
        let axis = sum.extents.firstIndex { $0 != 1 } ?? 0
        let rows = sum.extents.isEmpty ? 1 : sum.extents[axis]
        isShared = sum.extents.isEmpty || sum.strides[axis] == 0
        let largest = min(Self.most, rows / Self.fewestRows)
        count = elements < Self.shortest ? 1 : (1...max(1, largest)).last { rows % $0 == 0 } ?? 1
        self.elements = elements / count
    }

    /// Floats of the blocks' own sums of so many numbers; 0 where they are added to the result at once.
    func floats(of numbers: Int) -> Int { isShared && count > 1 ? count * numbers : 0 }
}

extension Schedule {
    /// Floats of blocks' sums that are there at a time, at most: of a group of stages, or of one that is in none.
    func blockSumFloats(_ graph: Graph) -> Int {
        var floats = Array(repeating: 0, count: stages.count)
        for (index, stage) in stages.enumerated() {
            floats[index] = stage.values.reduce(0) { total, value in
                guard let sum = graph.columnSum(value) else { return total }
                return total + SummationBlocks(sum).floats(of: graph.values[value].shape.count)
            }
        }
        let ofGroups = groups.map { floats[$0.stages].reduce(0, +) }
        return max(floats.max() ?? 0, ofGroups.max() ?? 0)
    }
}
