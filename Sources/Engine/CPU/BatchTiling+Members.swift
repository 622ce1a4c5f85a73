import Tensors

/// The conditions under which a stage can be computed in batch tiles and can join a group.
extension BatchTiling {
    /// Returns whether all operands of a stage are made, or are made one batch tile at a time by members of its group.
    func isReady(_ index: Int, in group: Set<Int>) -> Bool {
        reads[index].enumerated().allSatisfy { place, view in
            guard let source = maker[view.value], !isDone[source], source != index else { return true }
            guard group.contains(source), !graph.isColumnSum(view.value) else { return false }
            if case .single(let value) = scheduled[index], case .matmul = graph.work(value), place > 0 {
                return false
            }
            return isAligned(view)
        }
    }

    /// Returns whether a batch tile of the view shows only elements of the same batch tile of the value.
    private func isAligned(_ view: View) -> Bool {
        let tile = graph.values[view.value].shape.count / count
        guard let axis = view.extents.firstIndex(where: { $0 != 1 }), view.extents[axis] % count == 0
        else { return false }
        let extent = view.extents[axis] / count
        let rest = view.extents.indices.dropFirst(axis + 1).reduce(0) {
            $0 + (view.extents[$1] - 1) * view.strides[$1]
        }
        return view.strides[axis] * extent == tile
            && view.offset + (extent - 1) * view.strides[axis] + rest < tile
    }

    /// The extent that the number of batch tiles has to divide, of a product or of attention that can be done in batch tiles: rows
    /// or samples; and how many numbers the product goes over at most.
    func leadingExtent(_ stage: Schedule.Stage) -> (samples: Int, numbers: Int)? {
        guard case .single(let value) = stage else { return nil }
        switch graph.work(value)! {
        case .matmul(let a, let b, let place, _):
            guard a.extents.count == 2, a.strides[1] == 1, a.extents[0] >= 2 * limits.fewestRows, place.isContiguous,
                !ProductStack.takes(a, b, place: place)
            else { return nil }
            return (a.extents[0], a.extents[0] * max(a.extents[1], b.extents[1]))
        case .attention(_, _, let views): return (views[0].extents[0], 0)
        default: return nil
        }
    }

    /// Returns whether all members of a fused kernel can be computed in batch tiles and are long enough to benefit.
    func isTileableKernel(_ stage: Schedule.Stage) -> Bool {
        guard case .fused(let values, let rematerialized) = stage else { return false }
        let shapes = (values + rematerialized).map { graph.fusedShape($0) }
        return shapes.contains { $0.count >= limits.smallest }
            && shapes.allSatisfy { ($0.dimensions.first { $0 != 1 } ?? 1) % count == 0 }
    }
}

extension Graph {
    /// The shape of what a member of a fused kernel goes over: for a reduction, of what it reads.
    func fusedShape(_ value: Int) -> Shape {
        switch work(value) {
        case .sum(let view, _): Shape(columnSum(value)?.extents ?? view.extents)
        case .max(let view, _): Shape(view.extents)
        default: values[value].shape
        }
    }
}

extension View {
    /// The view's first batch tile of some, and how far the next lies from it.
    func batchTile(of count: Int) -> (view: View, shift: Int) {
        guard count > 1, let axis = extents.firstIndex(where: { $0 != 1 }) else { return (self, 0) }
        var view = self
        view.extents[axis] /= count
        return (view, view.extents[axis] * strides[axis])
    }
}
