import Tensors

/// A program lowered to values in memory and the work that makes them: equal subexpressions merged, movements turned into views,
/// derivative markers gone.
struct Graph {
    /// The source of a value.
    enum Origin {
        /// Written from outside, or by the last run.
        case input(Int)
        case constant(Storage)
        case number(Double)
        case work(Work)
    }

    /// One piece of work; each makes one value, laid out in order.
    enum Work {
        /// One step of a fused kernel: the operation's code in the kernels' table, and its operands in the value's shape.
        case elementwise(code: Int32, [View])
        case random(RandomDistribution, RandomKey, step: View)
        case sum(View, Fold)
        case max(View, Fold)
        /// A matrix product. `place` is the view of the value to which the result's [m, n] matrices are written; `bias` has n
        /// numbers that are added to each row.
        case matmul(View, View, place: View, bias: View? = nil)
        /// Attention. All of its operands are contiguous.
        case attention(AttentionPart, heads: Int, [View])
        case gather(table: View, indices: View)
        case scatterAdd(updates: View, indices: View)
        /// Parts put into zeros, or into memory that they fill; each with the place in the value where it goes.
        case assemble([(part: View, place: View)], fills: Bool)

        var isElementwise: Bool { if case .elementwise = self { true } else { false } }

        var operands: [View] {
            switch self {
            case .elementwise(_, let views): views
            case .random(_, _, let step): [step]
            case .sum(let view, _), .max(let view, _): [view]
            case .matmul(let a, let b, _, let bias): [a, b] + (bias.map { [$0] } ?? [])
            case .attention(_, _, let views): views
            case .gather(let table, let indices): [table, indices]
            case .scatterAdd(let updates, let indices): [updates, indices]
            case .assemble(let parts, _): parts.map(\.part)
            }
        }

        /// The extent of the rows that a reduction takes to one number each, where a row fits a tile of a fused kernel.
        var rowLength: Int? {
            switch self {
            case .sum(_, let fold), .max(_, let fold): fold.isOfRows ? fold.reduced : nil
            default: nil
            }
        }

        /// True if the work can be a member of a fused kernel: elementwise work, or a reduction of short rows.
        var isFusible: Bool { isElementwise || rowLength != nil }
    }

    /// The extents of a reduction of values in order: [outer, reduced, inner].
    struct Fold {
        let outer, reduced, inner: Int

        /// Rows that lie in order and are short enough to stay in the first-level cache.
        var isOfRows: Bool { inner == 1 && (2...512).contains(reduced) }
    }

    struct Value {
        let shape: Shape
        let origin: Origin
    }

    private(set) var values: [Value] = []
    /// The views that the program gives out, and those that its state takes over.
    private(set) var outputs: [View] = []
    private(set) var updates: [View] = []
    let inputCount: Int

    private var merged: [Key: View] = [:]
    private var copies: [View: View] = [:]

    private struct Key: Hashable {
        let primitive: Primitive
        let inputs: [View]
        let shape: Shape
    }

    init(_ program: Program) {
        inputCount = program.inputs.count
        var views: [ObjectIdentifier: View] = [:]
        for (index, input) in program.inputs.enumerated() {
            views[ObjectIdentifier(input.node)] = add(input.shape, .input(index))
        }
        for node in Node.ordered(from: (program.outputs + program.updates).map(\.node)) {
            let id = ObjectIdentifier(node)
            if views[id] == nil { views[id] = lower(node, node.inputs.map { views[ObjectIdentifier($0)]! }) }
        }
        outputs = program.outputs.map { output in
            let view = views[ObjectIdentifier(output.node)]!
            // State that is given out is its value before the run.
            return view.value < program.updates.count ? copy(view) : contiguous(view)
        }
        updates = program.updates.map { views[ObjectIdentifier($0.node)]! }
        for (index, update) in updates.enumerated() where update.value != index {
            // What is kept by another input, or known before, is copied before that input changes.
            if case .work = values[update.value].origin {
                updates[index] = contiguous(update)
            } else {
                updates[index] = copy(update)
            }
        }
    }

    /// Has a value made by other work, of values before it.
    mutating func remake(_ value: Int, by work: Work) {
        values[value] = Value(shape: values[value].shape, origin: .work(work))
    }

    private mutating func add(_ shape: Shape, _ origin: Origin) -> View {
        values.append(Value(shape: shape, origin: origin))
        return View(value: values.count - 1, shape: shape)
    }

    private mutating func copy(_ view: View) -> View {
        if let known = copies[view] { return known }
        let result = productInOrder(of: view) ?? add(Shape(view.extents), .work(.elementwise(code: Code.copy, [view])))
        copies[view] = result
        return result
    }

    /// A stack of small products whose axes are needed in another order, computed a second time with its results put there at once:
    /// heads side by side again after attention. Nothing is left of the first unless something else reads it.
    private mutating func productInOrder(of view: View) -> View? {
        let whole = View(value: view.value, shape: values[view.value].shape)
        guard case .matmul(let a, let b, place: whole, bias: nil) = work(view.value),
            ProductStack.takes(a, b, place: whole), view.count == whole.count, view.offset == 0, view.strides.last == 1,
            Set(whole.strides).count == whole.strides.count,
            !whole.extents.contains(1), view.strides.sorted() == whole.strides.sorted()
        else { return nil }
        let strides = Shape(view.extents).contiguousStrides
        var place = whole.ofValue(values.count)
        place.strides = whole.strides.map { strides[view.strides.firstIndex(of: $0)!] }
        return add(Shape(view.extents), .work(.matmul(a, b, place: place)))
    }

    private mutating func contiguous(_ view: View) -> View { view.isContiguous && !isNumber(view) ? view : copy(view) }

    private func isNumber(_ view: View) -> Bool {
        if case .number = values[view.value].origin { true } else { false }
    }

    private mutating func lower(_ node: Node, _ inputs: [View]) -> View {
        let key = Key(primitive: node.primitive, inputs: inputs, shape: node.shape)
        if let known = merged[key] { return known }
        let view = lowerAnew(node, inputs)
        merged[key] = view
        return view
    }

    private mutating func lowerAnew(_ node: Node, _ x: [View]) -> View {
        let shape = node.shape
        switch node.primitive {
        case .placeholder: preconditionFailure("a placeholder of shape \(shape) is no input of the program")
        case .constant(let storage): return add(shape, .constant(storage))
        case .scalar(let value): return add([], .number(value))
        case .identity, .stopGradient, .keep, .after, .sumOverReplicas: return x[0]
        case .replica: return add([], .number(0))
        case .hoist: return add(shape, .constant(Self.hoisted(node)))
        case .broadcast: return x[0].broadcast(to: shape)
        case .reshape: return x[0].reshaped(to: shape) ?? copy(x[0]).reshaped(to: shape)!
        case .transpose(let order): return x[0].transposed(order)
        case .slice(let axis, let start): return x[0].slice(axis: axis, start: start, extent: shape[axis])
        case .unary(let function): return add(shape, .work(.elementwise(code: Code.unary(function), x)))
        case .binary(.add): return sumOfPads(x, shape) ?? add(shape, .work(.elementwise(code: Code.binary(.add), x)))
        case .binary(let function): return add(shape, .work(.elementwise(code: Code.binary(function), x)))
        case .select: return add(shape, .work(.elementwise(code: Code.select, x)))
        case .random(let distribution, let key):
            return add(shape, .work(.random(distribution, key, step: contiguous(x[0]))))
        case .sum(let axes): return add(shape, .work(.sum(foldable(x[0], axes), fold(x[0], axes))))
        case .max(let axes): return add(shape, .work(.max(foldable(x[0], axes), fold(x[0], axes))))
        case .matmul:
            let (a, b) = (matrix(x[0]), matrix(x[1]))
            return add(shape, .work(.matmul(a, b, place: View(value: values.count, shape: shape))))
        case .attention(let part, let heads):
            return add(shape, .work(.attention(part, heads: heads, x.map { contiguous($0) })))
        case .gather: return add(shape, .work(.gather(table: contiguous(x[0]), indices: contiguous(x[1]))))
        case .scatterAdd: return add(shape, .work(.scatterAdd(updates: contiguous(x[0]), indices: contiguous(x[1]))))
        case .pad(let axis, let before): return assemble(x, shape, axis, from: before)
        case .concatenate(let axis): return assemble(x, shape, axis, from: 0)
        }
    }

    /// The numbers of a value that depends on no placeholder.
    private static func hoisted(_ node: Node) -> Storage {
        let executable = Executable(Program { _ in [Tensor(node.inputs[0])] })
        executable.run()
        return Storage(executable.output(0))
    }

    /// A view that a reduction reads: in order, unless a fused kernel does it.
    private mutating func foldable(_ view: View, _ axes: Range<Int>) -> View {
        fold(view, axes).isOfRows && !isNumber(view) ? view : contiguous(view)
    }

    private func fold(_ view: View, _ axes: Range<Int>) -> Fold {
        Fold(
            outer: view.extents[..<axes.lowerBound].reduce(1, *), reduced: view.extents[axes].reduce(1, *),
            inner: view.extents[axes.upperBound...].reduce(1, *))
    }

    /// A view whose last two axes BLAS can read, transposed or not.
    private mutating func matrix(_ view: View) -> View {
        isNumber(view) || MatrixLayout(view) == nil ? copy(view) : view
    }

    /// The sum of tensors padded with zeros that do not overlap, put together in one pass: what the pullback of slices leaves.
    private mutating func sumOfPads(_ x: [View], _ shape: Shape) -> View? {
        let parts = x.map { view -> [(part: View, place: View)]? in
            guard view.isWhole(of: values[view.value].shape),
                case .assemble(let parts, fills: false) = work(view.value),
                values[view.value].shape == shape
            else { return nil }
            return parts
        }
        guard let first = parts[0], let second = parts[1] else { return nil }
        let overlap = first.contains { a in second.contains { b in a.place.overlaps(b.place) } }
        guard !overlap else { return nil }
        let placed = (first + second).map { (part: $0.part, place: $0.place.ofValue(values.count)) }
        let covered = placed.reduce(0) { $0 + $1.place.count } == shape.count
        return add(shape, .work(.assemble(placed, fills: covered)))
    }

    private mutating func assemble(_ parts: [View], _ shape: Shape, _ axis: Int, from start: Int) -> View {
        let whole = View(value: values.count, shape: shape)
        var start = start
        let placed = parts.map { part in
            defer { start += part.extents[axis] }
            return (part: part, place: whole.slice(axis: axis, start: start, extent: part.extents[axis]))
        }
        let covered = parts.reduce(0) { $0 + $1.extents[axis] } == shape[axis]
        return add(shape, .work(.assemble(placed, fills: covered)))
    }
}

/// The codes of elementwise operations in the kernels' table.
enum Code {
    static func unary(_ function: Unary) -> Int32 { function.rawValue }
    static func binary(_ function: Binary) -> Int32 { 32 + function.rawValue }
    /// Operations that replace two others in fused kernels: silu and gelu of a, their slopes at a times c, the same for a known
    /// gate, a · b + c, a · b − c, c − a · b.
    static let silu: Int32 = 54, gelu: Int32 = 55, siluLinear: Int32 = 56, geluLinear: Int32 = 57
    static let siluAlong: Int32 = 58, geluAlong: Int32 = 59
    static let multiplyAdd: Int32 = 60, multiplySubtract: Int32 = 61, subtractProduct: Int32 = 62
    static let select: Int32 = 64
    static let copy: Int32 = 65
    /// Reductions of each row to one number; the output register holds one number per row.
    static let rowSum: Int32 = 66, rowMax: Int32 = 67
    /// Each row's number to every element of the row.
    static let spread: Int32 = 68
    /// Operations of elements with one number per row: b + a, b − a and b · a, where a holds one number per row.
    static let rowAdd: Int32 = 69, rowSubtract: Int32 = 70, rowMultiply: Int32 = 71
}

/// The layout in which BLAS reads the matrix that is the last two axes of a view.
struct MatrixLayout {
    let isTransposed: Bool
    let leading: Int

    /// Fails if neither axis is contiguous.
    init?(_ view: View) {
        let rank = view.extents.count
        let (rows, columns) = (view.extents[rank - 2], view.extents[rank - 1])
        let (down, across) = (view.strides[rank - 2], view.strides[rank - 1])
        if (across == 1 || columns == 1) && (down >= columns || rows == 1) {
            self.init(isTransposed: false, leading: rows == 1 ? columns : down)
        } else if (down == 1 || rows == 1) && (across >= rows || columns == 1) {
            self.init(isTransposed: true, leading: columns == 1 ? rows : across)
        } else {
            return nil
        }
    }

    private init(isTransposed: Bool, leading: Int) {
        self.isTransposed = isTransposed
        self.leading = max(1, leading)
    }
}
