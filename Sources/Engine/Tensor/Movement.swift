/// Operations that move elements without computing.

extension Tensor {
    /// The same value, computed once by a compiled program instead of in each run. It depends on no placeholder.
    public func hoisted() -> Tensor { knownValues == nil ? Tensor(.hoist, [self], shape: shape) : self }

    /// The number of the device that computes, from 0, a scalar: 0 where a program runs on one.
    public static var replica: Tensor { Tensor(.replica, shape: []) }

    /// The sum of the value over the devices that a program runs on, on each of them; the value itself on one.
    public func summedOverReplicas() -> Tensor { Tensor(.sumOverReplicas, [self], shape: shape) }

    /// Repeats along axes of extent 1, and along new leading axes, up to a shape.
    public func broadcast(to target: Shape) -> Tensor {
        if shape == target { return self }
        precondition(shape.broadcast(with: target) == target, "shape \(shape) does not broadcast to \(target)")
        return Tensor(.broadcast, [self], shape: target)
    }

    /// The same elements in order, in another shape of as many.
    public func reshaped(to target: Shape) -> Tensor {
        if shape == target { return self }
        precondition(shape.count == target.count, "shape \(shape) has not as many elements as \(target)")
        if case .reshape = node.primitive { return Tensor(node.inputs[0]).reshaped(to: target) }
        return Tensor(.reshape, [self], shape: target)
    }

    /// Axis i of the result is axis `order[i]` of this tensor.
    public func transposed(_ order: [Int]) -> Tensor {
        precondition(order.sorted() == Array(0..<rank), "\(order) is no order of the axes of \(shape)")
        if order == Array(0..<rank) { return self }
        if case .transpose(let inner) = node.primitive {
            return Tensor(node.inputs[0]).transposed(order.map { inner[$0] })
        }
        return Tensor(.transpose(order: order), [self], shape: Shape(order.map { shape[$0] }))
    }

    /// The last two axes exchanged.
    public var transpose: Tensor {
        precondition(rank >= 2, "a matrix is needed, not shape \(shape)")
        return transposed(Array(0..<(rank - 2)) + [rank - 1, rank - 2])
    }

    /// The elements whose position along an axis lies in a range.
    public func slice(_ range: Range<Int>, axis: Int = 0) -> Tensor {
        let axis = shape.resolve(axis)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= shape[axis], "\(range) is outside axis \(axis) of \(shape)")
        if range.count == shape[axis] { return self }
        return Tensor(
            .slice(axis: axis, start: range.lowerBound), [self], shape: shape.replacing(axis, with: range.count))
    }

    /// Zeros put before and after along an axis.
    public func padded(before: Int, after: Int, axis: Int = 0) -> Tensor {
        let axis = shape.resolve(axis)
        precondition(before >= 0 && after >= 0, "padding is not negative")
        if before == 0 && after == 0 { return self }
        return Tensor(
            .pad(axis: axis, before: before), [self], shape: shape.replacing(axis, with: before + shape[axis] + after))
    }

    /// Tensors one after the other along an axis; they agree in all other extents.
    public static func concatenate(_ parts: [Tensor], axis: Int = 0) -> Tensor {
        precondition(!parts.isEmpty, "nothing to concatenate")
        if parts.count == 1 { return parts[0] }
        let axis = parts[0].shape.resolve(axis)
        let extent = parts.reduce(0) { $0 + $1.shape[axis] }
        let shape = parts[0].shape.replacing(axis, with: extent)
        for part in parts {
            precondition(
                part.shape.replacing(axis, with: extent) == shape,
                "shapes \(parts.map(\.shape)) do not concatenate along axis \(axis)")
        }
        return Tensor(.concatenate(axis: axis), parts, shape: shape)
    }

    /// Rows of a table [r, c] by whole-number indices […]: […, c]. An index outside 0 ..< r gives a row of NaN.
    public func gather(_ indices: Tensor) -> Tensor {
        precondition(rank == 2, "a table [rows, columns] is needed, not shape \(shape)")
        return Tensor(.gather, [self, indices], shape: Shape(indices.shape.dimensions + [shape[1]]))
    }

    /// Rows of this table [r, c] by whole-number indices […]: […, c]. An index outside 0 ..< r gives a row of zeros.
    func gatherOrZero(_ indices: Tensor) -> Tensor {
        let isInside = greater(indices, Tensor(-1)) * greater(Tensor(Double(shape[0])), indices)
        let rows = gather(select(isInside, indices, Tensor(0)))
        return select(isInside.reshaped(to: Shape(indices.shape.dimensions + [1])), rows, Tensor(0))
    }

    /// Rows […, c] summed by whole-number indices […] into a table [rows, c]. Indices outside are left out.
    package func scatterAdded(_ indices: Tensor, rows: Int) -> Tensor {
        precondition(shape.dimensions.dropLast() == indices.shape.dimensions[...], "one index a row")
        return Tensor(.scatterAdd, [self, indices], shape: [rows, shape[-1]])
    }
}
