@testable import CPU
@testable import Tensors

extension ProgramGenerator {
    mutating func addReduction() {
        guard let value = pick({ $0.rank > 0 && $0.count > 0 }) else { return }
        var axes = (0..<shapes[value].rank).filter { _ in random.happens(1, of: 2) }
        if axes.isEmpty { axes = [random.below(shapes[value].rank)] }
        let isKept = random.happens(1, of: 2), over = "over \(axes)\(isKept ? ", kept" : "")"
        switch random.below(isSmooth ? 3 : 4) {
        case 0: add("sum \(over)", [value]) { [axes] in $0[0].sum(axes, keepingAxes: isKept) }
        case 1: add("mean \(over)", [value]) { [axes] in $0[0].mean(axes, keepingAxes: isKept) }
        case 2: add("mean square \(over)", [value]) { [axes] in square($0[0]).mean(axes, keepingAxes: isKept) }
        default: add("largest \(over)", [value]) { [axes] in $0[0].max(axes, keepingAxes: isKept) }
        }
    }

    /// A matrix product with another value, with its own transpose, or with a new matrix and half of the time a bias.
    mutating func addProduct() {
        guard let first = pick({ $0.rank >= 2 && $0.count > 0 }) else { return }
        let shape = shapes[first], depth = shape[-1], scale = 1 / Double(depth).squareRoot()
        switch random.below(5) {
        case 0:
            add("product with its transpose", [first]) { $0[0].matmul($0[0].transpose) * scale }
        case 1:
            let fitting: (Shape) -> Bool = {
                $0.rank >= 2 && $0[-2] == depth && $0.dimensions.dropLast(2) == shape.dimensions.dropLast(2)
            }
            guard let second = pick(fitting) else { return }
            add("product", [first, second]) { $0[0].matmul($0[1]) * scale }
        case 2:
            let fitting: (Shape) -> Bool = {
                $0.rank >= 2 && $0[-1] == depth && $0.dimensions.dropLast(2) == shape.dimensions.dropLast(2)
            }
            guard let second = pick(fitting) else { return }
            add("product with the transpose", [first, second]) { $0[0].matmul($0[1].transpose) * scale }
        default:
            let columns = width(), weights = addLeaf([depth, columns])
            guard let product = add("product", [first, weights], { $0[0].matmul($0[1]) }) else { return }
            guard random.happens(1, of: 2) else { return }
            let bias = addLeaf([columns])
            add("add", [product, bias]) { $0[0] + $0[1] }
        }
    }

    /// Attention or one of its derivatives, of rows that are there or that a product makes.
    mutating func addAttention() {
        let heads = 1 + random.below(3)
        func areRows(_ shape: Shape) -> Bool {
            shape.rank == 3 && shape.count > 0 && shape[2].isMultiple(of: 3 * heads)
        }
        guard let rows = pick(areRows) ?? addRows(heads: heads) else { return }
        let narrow = shapes[rows].replacing(2, with: shapes[rows][2] / 3)
        switch random.below(4) {
        case 0, 1: add("attention of \(heads) heads", [rows]) { AttentionPart.value($0, heads: heads) }
        case 2:
            let directions = shapes[rows]
            let along = pick { $0 == directions } ?? addLeaf(directions)
            add("attention's tangent of \(heads) heads", [rows, along]) { AttentionPart.tangent($0, heads: heads) }
        default:
            let cotangent = pick { $0 == narrow } ?? addLeaf(narrow)
            add("attention's cotangent of \(heads) heads", [rows, cotangent]) {
                AttentionPart.cotangent($0, heads: heads)
            }
        }
    }

    private mutating func addRows(heads: Int) -> Int? {
        let value = pick { $0.rank == 3 && $0.count > 0 } ?? addLeaf([batch, tokens, width()])
        let depth = shapes[value][2], size = [1, 4, 8, 11].randomElement(using: &random)!
        let weights = addLeaf([depth, 3 * heads * size])
        return add("product, scaled", [value, weights]) { $0[0].matmul($0[1]) / Double(depth).squareRoot() }
    }

    /// A random function's value beside its tangent or its gradients.
    mutating func addDerivative() {
        guard let first = pick({ $0.count > 0 }) else { return }
        let second = random.happens(1, of: 2) ? pick { $0.count > 0 } : nil
        let variables = second.map { $0 == first ? [first] : [first, $0] } ?? [first]
        let captured = (0..<random.below(3)).compactMap { _ in pick() }
        var inner = ProgramGenerator(bodyOf: self, given: variables + captured)
        let count = 2 + random.below(4)
        for _ in 0..<(8 * count) where inner.steps.count < count { inner.addStep() }
        random = inner.random
        guard let result = inner.steps.last else { return }
        let body = RandomProgram.Body(variables: variables.count, steps: inner.steps)
        if random.happens(1, of: 2) { add("value", variables + captured, .derivative(.value, body)) }
        if random.happens(1, of: 2) {
            let directions = variables.map { variable in
                let shape = shapes[variable]
                return pick { $0 == shape } ?? addLeaf(shape)
            }
            add("tangent", variables + directions + captured, .derivative(.tangent, body))
        } else {
            let cotangent = pick { $0 == result.shape } ?? addLeaf(result.shape)
            for index in variables.indices {
                add(
                    "cotangent of v\(index)", variables + [cotangent] + captured,
                    .derivative(.cotangent(of: index), body))
            }
        }
    }
}
