import Tensors

/// A window on a value in memory: where it begins and the step along each axis. Moving elements is only a change of view.
struct View: Hashable {
    /// The value whose elements are seen.
    let value: Int
    var offset: Int
    var extents: [Int]
    var strides: [Int]

    /// The whole of a value laid out in order.
    init(value: Int, shape: Shape) {
        self.value = value
        offset = 0
        extents = shape.dimensions
        strides = shape.contiguousStrides
    }

    var count: Int { extents.reduce(1, *) }

    /// True if the elements lie in order without gaps.
    var isContiguous: Bool {
        var expected = 1
        for (extent, stride) in zip(extents, strides).reversed() where extent != 1 {
            if stride != expected { return false }
            expected *= extent
        }
        return true
    }

    /// True if some element is shown more than once.
    var repeatsElements: Bool { zip(extents, strides).contains { $0 != 1 && $1 == 0 } }

    func broadcast(to shape: Shape) -> View {
        var view = self
        let added = shape.rank - extents.count
        view.extents = shape.dimensions
        view.strides = (0..<shape.rank).map { axis in
            axis < added || extents[axis - added] != shape.dimensions[axis] ? 0 : strides[axis - added]
        }
        return view
    }

    func transposed(_ order: [Int]) -> View {
        var view = self
        view.extents = order.map { extents[$0] }
        view.strides = order.map { strides[$0] }
        return view
    }

    func slice(axis: Int, start: Int, extent: Int) -> View {
        var view = self
        view.offset += start * strides[axis]
        view.extents[axis] = extent
        return view
    }

    /// The same window on another value of the same shape.
    func ofValue(_ value: Int) -> View {
        var view = View(value: value, shape: Shape(extents))
        (view.offset, view.strides) = (offset, strides)
        return view
    }

    /// Returns whether two blocks of one value share an element; both have the strides of the whole value.
    func overlaps(_ other: View) -> Bool {
        guard strides == other.strides else { return true }
        var (a, b) = (offset, other.offset)
        for axis in strides.indices where strides[axis] > 0 && extents[axis] > 0 {
            let (startA, startB) = (a / strides[axis], b / strides[axis])
            if startA + extents[axis] <= startB || startB + other.extents[axis] <= startA { return false }
            (a, b) = (a % strides[axis], b % strides[axis])
        }
        return true
    }

    /// This window on the sums over the columns of a value, in that value's extents: every summed element is seen at one place.
    func columns(of extents: [Int]) -> View {
        var view = self
        let summed = zip(extents, self.extents).map { $0 != $1 }
        view.extents = extents
        view.strides = zip(strides, summed).map { $1 ? 0 : $0 }
        return view
    }

    /// Returns whether the view repeats each element of a value of this shape, in order, along trailing axes.
    func repeatsRows(of shape: Shape) -> Bool {
        let runs = withoutUnitAxes
        let rows = shape.dimensions.filter { $0 != 1 }
        guard offset == 0, runs.extents.count > rows.count, Array(runs.extents.prefix(rows.count)) == rows else {
            return false
        }
        return Array(runs.strides.prefix(rows.count)) == Shape(rows).contiguousStrides
            && runs.strides.dropFirst(rows.count).allSatisfy { $0 == 0 }
    }

    /// The view with axes of extent 1 left out and neighbours joined where they are one run in memory.
    var simplified: View { Self.jointlySimplified([self])[0] }

    /// The same simplification applied to several views of one shape, joining only what all of them can join.
    static func jointlySimplified(_ views: [View]) -> [View] {
        var views = views
        let kept = views[0].extents.indices.filter { views[0].extents[$0] != 1 }
        for index in views.indices {
            views[index].extents = kept.map { views[index].extents[$0] }
            views[index].strides = kept.map { views[index].strides[$0] }
        }
        for axis in kept.indices.dropLast().reversed() {
            let joins = views.allSatisfy { $0.strides[axis] == $0.strides[axis + 1] * $0.extents[axis + 1] }
            guard joins else { continue }
            for index in views.indices {
                views[index].extents[axis] *= views[index].extents.remove(at: axis + 1)
                views[index].strides[axis] = views[index].strides.remove(at: axis + 1)
            }
        }
        return views
    }

    /// The same elements in order under another shape, or nil where that needs a copy.
    func reshaped(to shape: Shape) -> View? {
        var result = self
        result.extents = shape.dimensions
        if isContiguous {
            result.strides = shape.contiguousStrides
            return result
        }
        // Each simplified axis must split exactly into consecutive new ones.
        let runs = simplified
        var strides = Array(repeating: 0, count: shape.rank)
        var axis = shape.rank - 1
        for (extent, stride) in zip(runs.extents, runs.strides).reversed() {
            var covered = 1
            while covered < extent {
                guard axis >= 0, extent % (covered * shape.dimensions[axis]) == 0 else { return nil }
                strides[axis] = covered * stride
                covered *= shape.dimensions[axis]
                axis -= 1
            }
        }
        result.strides = strides
        return result
    }
}
