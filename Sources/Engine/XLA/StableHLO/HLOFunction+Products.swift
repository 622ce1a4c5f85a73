import Tensors

/// Matrix products, and what is made of them.
extension HLOFunction {
    /// Σ over an axis of each, the axes `batching` of both alike: the value has the batching axes, then what is left of a, then of b.
    ///
    /// float32 products are asked for in their highest precision: without, a GPU may round operands to fewer bits.
    mutating func dotProduct(_ a: HLOValue, _ b: HLOValue, batching: Int = 0, contracting: (a: Int, b: Int)) -> HLOValue
    {
        func rest(_ x: HLOValue, _ axis: Int) -> [Int] {
            x.type.dimensions.indices.filter { $0 >= batching && $0 != axis }.map { x.type.dimensions[$0] }
        }
        let leading = Array(a.type.dimensions[..<batching])
        let type = HLOType(.float32, leading + rest(a, contracting.a) + rest(b, contracting.b))
        let axes = Array(0..<batching), batches = axes.isEmpty ? "" : " batching_dims = \(axes) x \(axes),"
        let precision = a.type.element == .float32 ? ", precision = [HIGHEST, HIGHEST]" : ""
        return value(
            "stablehlo.dot_general \(a.name), \(b.name),\(batches) contracting_dims = [\(contracting.a)] x "
                + "[\(contracting.b)]\(precision) : (\(a.type), \(b.type)) -> \(type)", type)
    }

    /// The matrix product […, m, k] · […, k, n] over equal leading axes, of operands rounded to bfloat16 where that is asked for.
    mutating func matrixProduct(_ a: HLOValue, _ b: HLOValue, _ precision: Precision) -> HLOValue {
        let rank = a.type.dimensions.count
        var (a, b) = (a, b)
        if precision.roundsOperands(a.type.dimensions, b.type.dimensions) {
            (a, b) = (converted(a, to: .bfloat16), converted(b, to: .bfloat16))
        }
        return dotProduct(a, b, batching: rank - 2, contracting: (rank - 1, rank - 2))
    }

    /// Rows of a table [r, c] by indices […], which are cut to whole numbers; NaN where an index is outside.
    mutating func gathered(_ table: HLOValue, _ indices: HLOValue) -> HLOValue {
        let rows = table.type.dimensions[0], columns = table.type.dimensions[1]
        let type = HLOType(.float32, indices.type.dimensions + [columns]), rank = type.dimensions.count
        let missing = number(.nan, type)
        if rows == 0 || type.dimensions.contains(0) { return missing }
        let whole = converted(indices, to: .int32)
        let found = value(
            "\"stablehlo.gather\"(\(table.name), \(whole.name)) <{dimension_numbers = #stablehlo.gather<offset_dims = "
                + "[\(rank - 1)], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = \(rank - 1)>, "
                + "slice_sizes = array<i64: 1, \(columns)>, indices_are_sorted = false}> : "
                + "(\(table.type), \(whole.type)) -> \(type)", type)
        let isInside = isWithin(indices, rows)
        return select(
            broadcast(isInside, to: type.dimensions, axes: Array(0..<(rank - 1))), found, missing)
    }

    /// Whether indices, cut to whole numbers, are at least 0 and below `rows`.
    private mutating func isWithin(_ indices: HLOValue, _ rows: Int) -> HLOValue {
        let isHigh = compared(indices, "GT", number(-1, indices.type)),
            isLow = compared(indices, "LT", number(Float(rows), indices.type))
        return apply("and", isHigh, isLow)
    }

    /// Rows […, c] summed by indices […] into a table of so many rows, as a product with rows of ones and zeros: it needs no additions
    /// in an order that varies, so it repeats bit for bit. Where an update is no number, all of its column is none.
    mutating func scattered(_ updates: HLOValue, _ indices: HLOValue, rows: Int) -> HLOValue {
        let columns = updates.type.dimensions[updates.type.dimensions.count - 1]
        let count = indices.type.dimensions.reduce(1, *)
        let whole = converted(reshaped(indices, to: [count]), to: .int32)
        let places = HLOType(.int32, [count, rows])
        let place = value("stablehlo.iota dim = 1 : \(places)", places)
        let isInside = isWithin(reshaped(indices, to: [count]), rows)
        let isPlace = apply(
            "and", compared(broadcast(whole, to: places.dimensions, axes: [0]), "EQ", place),
            broadcast(isInside, to: places.dimensions, axes: [0]))
        return dotProduct(
            converted(isPlace, to: .float32), reshaped(updates, to: [count, columns]), contracting: (0, 0))
    }
}
