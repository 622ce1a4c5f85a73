import TestSupport

@testable import CPU
@testable import Tensors

/// Makes random programs: each step is drawn, computed in float64, and kept where its values are numbers of a moderate size.
struct ProgramGenerator {
    typealias Step = RandomProgram.Step

    /// What is drawn from.
    struct Scale {
        /// Elements of a value, at most.
        let elements: Int
        let steps: ClosedRange<Int>
        /// Of a hundred steps, about.
        let derivatives: Int
        let batches, tokens, widths: [Int]

        /// Arrays of hundreds of numbers.
        static let small = Scale(
            elements: 1500, steps: 4...14, derivatives: 12, batches: [1, 2, 4, 8, 12, 16, 24], tokens: [1, 2, 3, 5, 7],
            widths: [1, 3, 5, 8, 16, 18, 20, 24, 33, 48])
        /// Arrays large enough that threads share fused kernels and that values are computed again instead of kept.
        static let large = Scale(
            elements: 12_000, steps: 4...8, derivatives: 40, batches: [48, 64], tokens: [4, 7],
            widths: [20, 24, 32, 36])
    }

    /// The largest value of a step.
    private static let largest = 30.0

    var random: SeededGenerator
    let scale: Scale
    /// Whether only functions with all derivatives are drawn.
    let isSmooth: Bool
    /// Derivatives that may still be put into one another; leaves are constants within one.
    let nesting: Int
    let isBody: Bool
    let batch, tokens: Int
    let widths: [Int]
    private(set) var shapes: [Shape] = []
    private(set) var values: [[Double]] = []
    private(set) var steps: [Step] = []

    static func program(seed: Int, isSmooth: Bool = false, scale: Scale? = nil) -> RandomProgram {
        var random = SeededGenerator(seed: seed)
        let drawn: Scale = random.happens(1, of: 20) ? .large : .small
        var generator = ProgramGenerator(random, scale ?? drawn, isSmooth: isSmooth)
        return generator.program()
    }

    private init(_ random: SeededGenerator, _ scale: Scale, isSmooth: Bool) {
        (self.random, self.scale, self.isSmooth, nesting, isBody) = (random, scale, isSmooth, 2, false)
        batch = scale.batches.randomElement(using: &self.random)!
        tokens = scale.tokens.randomElement(using: &self.random)!
        widths = Array(scale.widths.shuffled(using: &self.random).prefix(2))
    }

    /// A generator of a function's body, of values that are given.
    init(bodyOf other: ProgramGenerator, given: [Int]) {
        (random, scale, isSmooth, nesting, isBody) = (
            other.random, other.scale, other.isSmooth, other.nesting - 1, true
        )
        (batch, tokens, widths) = (other.batch, other.tokens, other.widths)
        shapes = given.map { other.shapes[$0] }
        values = given.map { other.values[$0] }
    }

    private mutating func program() -> RandomProgram {
        let stateCount = isSmooth ? 0 : [0, 0, 1, 2][random.below(4)]
        for _ in 0..<stateCount { addLeaf(drawnShape(), isState: true) }
        for _ in 0..<(1 + random.below(3)) { addLeaf(drawnShape(), isState: false) }
        let count = steps.count + Int.random(in: scale.steps, using: &random)
        for _ in 0..<(8 * count) where steps.count < count { addStep() }
        var program = RandomProgram(steps: steps, outputs: [], updates: [])
        program.updates = program.states.map { update(of: $0) }
        program.steps = steps
        let read = Set(steps.flatMap(\.operands) + program.updates)
        program.outputs = steps.indices.filter { !read.contains($0) || random.happens(1, of: 8) }
        // What is given out in no order of its own, and twice.
        program.outputs.shuffle(using: &random)
        if random.happens(1, of: 8), let one = program.outputs.first { program.outputs.append(one) }
        return program
    }

    /// What a state becomes: another value of its shape, or a little of it and of something else.
    private mutating func update(of state: Int) -> Int {
        let shape = shapes[state]
        if random.happens(1, of: 2), let other = pick({ $0 == shape }) { return other }
        let other = pick()!
        return add("0.5 * first + mean of tanh of second", [state, other]) { 0.5 * $0[0] + tanh($0[1]).mean() } ?? state
    }

    /// One value more, if what was drawn can be made of what there is.
    mutating func addStep() {
        if nesting > 0, random.happens(scale.derivatives, of: 100) { return addDerivative() }
        switch random.below(94) {
        case ..<20: addFunction()
        case ..<42: addPair()
        case ..<58: addMovement()
        case ..<68: addReduction()
        case ..<82: addProduct()
        case ..<87: addAttention()
        case ..<91: isSmooth ? addPair() : addRandomNumbers()
        default: addLeaf(drawnShape(), isState: false)
        }
    }

    /// Adds a step if its values are few enough and none is too large or no number.
    /// - Returns: the number of its value.
    @discardableResult
    mutating func add(_ name: String, _ operands: [Int], _ apply: @escaping ([Tensor]) -> Tensor) -> Int? {
        add(name, operands, .operation(apply))
    }

    @discardableResult
    mutating func add(_ name: String, _ operands: [Int], _ action: RandomProgram.Action) -> Int? {
        let given = operands.map { shapes[$0] }
        let program = Program(inputs: given) { inputs in
            [Step(name: name, operands: Array(inputs.indices), shape: [], action: action).made(of: inputs)]
        }
        let shape = program.outputs[0].shape
        guard shape.count <= scale.elements else { return nil }
        let value = program.evaluate(operands.map { values[$0] })[0]
        guard value.allSatisfy({ abs($0) <= Self.largest }) else { return nil }
        return append(Step(name: name, operands: operands, shape: shape, action: action), value)
    }

    /// A new input, a state or a constant.
    @discardableResult
    mutating func addLeaf(_ shape: Shape, isState: Bool = false, among whole: Range<Int>? = nil) -> Int {
        let numbers = whole.map { range in (0..<shape.count).map { _ in Float(Int.random(in: range, using: &random)) } }
        return addLeaf(shape, numbers ?? self.numbers(shape.count), isState: isState)
    }

    private mutating func addLeaf(_ shape: Shape, _ numbers: [Float], isState: Bool) -> Int {
        if isState {
            return append(Step(name: "state", operands: [], shape: shape, action: .state(numbers)), numbers.doubles)
        }
        if isBody || random.happens(1, of: 3) {
            let constant = RandomProgram.Action.operation { _ in Tensor(numbers, shape: shape) }
            return append(Step(name: "constant", operands: [], shape: shape, action: constant), numbers.doubles)
        }
        return append(Step(name: "input", operands: [], shape: shape, action: .input(numbers)), numbers.doubles)
    }

    private mutating func append(_ step: Step, _ value: [Double]) -> Int {
        steps.append(step)
        shapes.append(step.shape)
        values.append(value)
        return shapes.count - 1
    }

    /// Numbers between −2 and 2, some of them with ties and zeros.
    private mutating func numbers(_ count: Int) -> [Float] {
        let isCoarse = !isSmooth && random.happens(1, of: 5)
        return (0..<count).map { _ in
            let number = Float.random(in: -2...2, using: &random)
            return isCoarse ? (number * 2).rounded() / 2 : number
        }
    }

    mutating func drawnShape() -> Shape {
        let (n, t, w) = (batch, tokens, width())
        let shapes: [Shape] = [
            [], [w], [n, 1], [n, w], [n, w], [n, t, w], [n, t, w], [n, t, w], [n, 1, w], [n, t, 1], [t, w],
            [w, width()], [n, 2, t, w],
        ]
        let shape = shapes.randomElement(using: &random)!
        return shape.count <= scale.elements ? shape : [n, w]
    }

    mutating func width() -> Int { widths.randomElement(using: &random)! }

    /// One of the values of a fitting shape, late ones preferred; nil where there is none.
    mutating func pick(_ isFit: (Shape) -> Bool = { _ in true }) -> Int? {
        let fit = shapes.indices.filter { isFit(shapes[$0]) }
        return random.happens(1, of: 2)
            ? fit.suffix(4).randomElement(using: &random) : fit.randomElement(using: &random)
    }
}
