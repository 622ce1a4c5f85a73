@testable import CPU
@testable import Tensors

extension ProgramGenerator {
    /// A function of one tensor, element by element or along rows.
    private struct Function {
        let name: String
        /// Values that it is put on as they are; of others, `inside` makes some that are in there.
        var domain = -30.0...30.0
        var isSmooth = true
        var leastRank = 0
        var inside: (Tensor) -> Tensor = { $0 }
        let apply: (Tensor) -> Tensor
    }

    private static var functions: [Function] {
        let positive: (Tensor) -> Tensor = { square($0) + 0.5 }
        return [
            Function(name: "negate") { -$0 },
            Function(name: "exp", domain: -20...3, inside: { tanh($0) }) { exp($0) },
            Function(name: "log", domain: 0.1...30, inside: positive) { log($0) },
            Function(name: "sin") { sin($0) },
            Function(name: "cos") { cos($0) },
            Function(name: "sqrt", domain: 0.1...30, inside: positive) { sqrt($0) },
            Function(name: "reciprocal", domain: 0.2...30, inside: positive) { reciprocal($0) },
            Function(name: "sigmoid") { sigmoid($0) },
            Function(name: "tanh") { tanh($0) },
            Function(name: "abs", isSmooth: false) { abs($0) },
            Function(name: "sign", isSmooth: false) { sign($0) },
            Function(name: "floor", isSmooth: false) { floor($0) },
            Function(name: "square") { square($0) },
            Function(name: "silu") { silu($0) },
            Function(name: "gelu") { gelu($0) },
            Function(name: "softmax", leastRank: 1) { softmax($0) },
            Function(name: "logSumExp", leastRank: 1) { logSumExp($0) },
            Function(name: "layerNorm", leastRank: 1) { LayerNorm(epsilon: 1e-2)($0) },
            Function(name: "stopGradient", isSmooth: false) { stopGradient($0) },
        ]
    }

    /// A function of one value.
    mutating func addFunction() {
        let functions = Self.functions.filter { !isSmooth || $0.isSmooth }
        let function = functions.randomElement(using: &random)!
        guard let value = pick({ $0.rank >= function.leastRank }) else { return }
        let isInside = values[value].allSatisfy { function.domain.contains($0) }
        let name = isInside ? function.name : "\(function.name) of values moved into its domain"
        add(name, [value]) { function.apply(isInside ? $0[0] : function.inside($0[0])) }
    }

    /// A function of two values that broadcast, or of three, or of a value and a number.
    mutating func addPair() {
        guard let first = pick() else { return }
        let shape = shapes[first], most = scale.elements
        guard let second = pick({ $0.broadcast(with: shape).map { $0.count <= most } ?? false }) else { return }
        let number = [0.5, -1.25, 3, 0.1, 2].randomElement(using: &random)!
        switch random.below(isSmooth ? 9 : 14) {
        case 0, 1: add("add", [first, second]) { $0[0] + $0[1] }
        case 2: add("subtract", [first, second]) { $0[0] - $0[1] }
        case 3, 4: add("multiply", [first, second]) { $0[0] * $0[1] }
        case 5: add("divide by its square + 0.5", [first, second]) { $0[0] / (square($0[1]) + 0.5) }
        case 6: add("times \(number)", [first]) { $0[0] * number }
        case 7: add("\(number) minus", [first]) { number - $0[0] }
        case 8: add("divided by \(number)", [first]) { $0[0] / number }
        case 9: add("maximum", [first, second]) { maximum($0[0], $0[1]) }
        case 10: add("minimum", [first, second]) { minimum($0[0], $0[1]) }
        case 11: add("greater", [first, second]) { greater($0[0], $0[1]) }
        case 12: add("equal", [first, second]) { equal($0[0], $0[1]) }
        default:
            guard let condition = pick({ $0 == shape }) else { return }
            add("select where greater than \(number)", [condition, first, second]) {
                select(greater($0[0], Tensor(number)), $0[1], $0[2])
            }
        }
    }

    /// Random numbers of a key at a step that is known or given.
    mutating func addRandomNumbers() {
        let shape = drawnShape(), key = RandomKey(seed: UInt64(random.below(1000)))
        let step = addLeaf([], among: 0..<100)
        switch random.below(3) {
        case 0: add("uniform numbers at a step", [step]) { .uniform(shape, key: key, step: $0[0]) }
        case 1: add("normal numbers at a step", [step]) { .normal(shape, key: key, step: $0[0]) }
        default: add("whole numbers below 7 at a step", [step]) { .integers(below: 7, shape, key: key, step: $0[0]) }
        }
    }
}
