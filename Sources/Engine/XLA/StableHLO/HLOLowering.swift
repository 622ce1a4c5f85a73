import Tensors

/// A traced computation on its way to text: the function that is being written, those that it calls, and what has to be given to it.
struct HLOLowering {
    let precision: Precision
    /// How many devices run the module side by side.
    let replicas: Int
    private(set) var function = HLOFunction()
    /// The text of functions that are called.
    private(set) var functions: [String] = []
    private(set) var constants: [(values: Storage, shape: Shape)] = []
    private(set) var keys: [RandomKey] = []
    /// Values that depend on no input, computed once by a program of their own and given as arguments.
    private(set) var hoisted: [Tensor] = []
    private var constantNames: [ConstantKey: HLOValue] = [:]
    private var keyNumbers: [RandomKey: Int] = [:]
    private var called: [Called: String] = [:]

    private struct ConstantKey: Hashable {
        let values: Storage
        let shape: Shape
    }

    /// What a function of its own is written for, once.
    private enum Called: Hashable {
        case attention(AttentionPart, heads: Int, Shape)
        case random(RandomDistribution, count: Int)
    }

    private static let zero = HLOValue(name: "%zero", type: HLOType(.uint32))

    init(precision: Precision, replicas: Int = 1) { (self.precision, self.replicas) = (precision, replicas) }

    /// What the function is given behind its inputs, once all is lowered.
    var givenArguments: [HLOValue] {
        constants.indices.map { constantValue($0) } + hoisted.indices.map { hoistedValue($0) }
            + keys.indices.map { keyValue($0) } + [Self.zero]
    }

    private func keyValue(_ index: Int) -> HLOValue { HLOValue(name: "%key\(index)", type: HLOType(.uint32, [2])) }

    private func constantValue(_ index: Int) -> HLOValue {
        HLOValue(name: "%constant\(index)", type: HLOType(.float32, constants[index].shape.dimensions))
    }

    private func hoistedValue(_ index: Int) -> HLOValue {
        HLOValue(name: "%hoisted\(index)", type: HLOType(.float32, hoisted[index].shape.dimensions))
    }

    private mutating func hoisted(_ node: Node) -> HLOValue {
        hoisted.append(Tensor(node.inputs[0]))
        return hoistedValue(hoisted.count - 1)
    }

    /// Writes what tensors are computed by.
    /// - Returns: their values, given those of the inputs.
    mutating func lower(_ tensors: [Tensor], of inputs: [Tensor], _ given: [HLOValue]) -> [HLOValue] {
        var values: [ObjectIdentifier: HLOValue] = [:]
        for (input, value) in zip(inputs, given) { values[ObjectIdentifier(input.node)] = value }
        let roots = tensors.map(\.node), wanted = Self.reachable(from: roots)
        for node in Node.ordered(from: roots)
        where values[ObjectIdentifier(node)] == nil && wanted.contains(ObjectIdentifier(node)) {
            values[ObjectIdentifier(node)] = lower(node, node.inputs.compactMap { values[ObjectIdentifier($0)] })
        }
        return tensors.compactMap { values[ObjectIdentifier($0.node)] }
    }

    /// The nodes that a run computes: none below hoisted values.
    private static func reachable(from roots: [Node]) -> Set<ObjectIdentifier> {
        var found: Set<ObjectIdentifier> = [], rest = roots
        while let node = rest.popLast() {
            guard found.insert(ObjectIdentifier(node)).inserted else { continue }
            if case .hoist = node.primitive { continue }
            rest += node.inputs
        }
        return found
    }

    private mutating func lower(_ node: Node, _ x: [HLOValue]) -> HLOValue {
        let dimensions = node.shape.dimensions
        switch node.primitive {
        case .placeholder: preconditionFailure("a placeholder of shape \(node.shape) is no input of the program")
        case .constant(let storage): return constant(storage, node.shape)
        case .scalar(let number): return function.number(Float(number))
        case .random(let distribution, let key): return random(distribution, key, step: x[0], dimensions)
        case .unary(let operation): return function.unary(operation, x[0])
        case .binary(let operation): return function.binary(operation, x[0], x[1])
        case .select:
            let isChosen = function.compared(x[0], "NE", function.number(0, x[0].type))
            return function.select(isChosen, x[1], x[2])
        case .identity, .stopGradient, .keep: return x[0]
        case .after: return function.after(x[0], x[1])
        case .hoist: return hoisted(node)
        case .replica: return replicas == 1 ? function.number(0) : function.replica()
        case .sumOverReplicas: return replicas == 1 ? x[0] : function.summedOverReplicas(x[0], replicas)
        case .broadcast:
            let added = dimensions.count - x[0].type.dimensions.count
            return function.broadcast(x[0], to: dimensions, axes: Array(added..<dimensions.count))
        case .reshape: return function.reshaped(x[0], to: dimensions)
        case .transpose(let order):
            return function.changed("transpose", x[0], x[0].type.shaped(dimensions), ", dims = \(order)")
        case .slice(let axis, let start):
            var from = dimensions.map { _ in 0 }, end = dimensions
            from[axis] = start
            end[axis] = start + dimensions[axis]
            return function.slice(x[0], from: from, to: end)
        case .pad(let axis, let before):
            return function.padded(x[0], axis: axis, before: before, to: dimensions[axis])
        case .concatenate(let axis): return function.concatenated(x, axis: axis)
        case .sum(let axes):
            return function.reshaped(function.reduced(x[0], by: "add", from: 0, axes), to: dimensions)
        case .max(let axes):
            return function.reshaped(function.reduced(x[0], by: "maximum", from: -.infinity, axes), to: dimensions)
        case .matmul: return function.matrixProduct(x[0], x[1], precision)
        case .attention(let part, let heads): return attention(part, heads: heads, node, x)
        case .gather: return function.gathered(x[0], x[1])
        case .scatterAdd: return function.scattered(x[0], x[1], rows: dimensions[0])
        }
    }

    private mutating func constant(_ storage: Storage, _ shape: Shape) -> HLOValue {
        let type = HLOType(.float32, shape.dimensions)
        if storage.count <= HLOModule.fewConstants { return function.numbers(storage.values, type) }
        let key = ConstantKey(values: storage, shape: shape)
        if let known = constantNames[key] { return known }
        constants.append((storage, shape))
        let value = constantValue(constants.count - 1)
        constantNames[key] = value
        return value
    }

    // MARK: Functions that are called

    private mutating func call(_ name: String, _ arguments: [HLOValue], _ type: HLOType) -> HLOValue {
        let types = arguments.map { "\($0.type)" }.joined(separator: ", ")
        return function.value(
            "func.call @\(name)(\(arguments.map(\.name).joined(separator: ", "))) : (\(types)) -> \(type)", type)
    }

    /// The name of a function of its own, which is written where it is new.
    private mutating func name(of called: Called, _ text: (_ name: String) -> String) -> String {
        if let known = self.called[called] { return known }
        let name = "part\(self.called.count)"
        self.called[called] = name
        functions.append(text(name))
        return name
    }

    /// Attention in plain operations, in float32 as the CPU's kernels compute it.
    private mutating func attention(_ part: AttentionPart, heads: Int, _ node: Node, _ x: [HLOValue]) -> HLOValue {
        let result = HLOType(.float32, node.shape.dimensions)
        let name = name(of: .attention(part, heads: heads, node.inputs[0].shape)) { name in
            var inner = HLOLowering(precision: .float32)
            let leaves = node.inputs.map { Tensor.placeholder($0.shape) }
            let given = x.enumerated().map { HLOValue(name: "%input\($0)", type: $1.type) }
            let values = inner.lower([part.plain(leaves, heads: heads)], of: leaves, given)
            return inner.function.text(name: name, arguments: given, results: values)
        }
        return call(name, x, result)
    }

    private mutating func random(
        _ distribution: RandomDistribution, _ key: RandomKey, step: HLOValue, _ dimensions: [Int]
    ) -> HLOValue {
        let count = dimensions.reduce(1, *)
        let name = name(of: .random(distribution, count: count)) { name in
            let key = HLOValue(name: "%key", type: HLOType(.uint32, [2])),
                step = HLOValue(name: "%step", type: HLOType(.float32))
            let (function, result) = RandomNumbers.function(
                distribution, count: count, key: key, step: step, zero: Self.zero)
            return function.text(name: name, arguments: [key, step, Self.zero], results: [result])
        }
        let numbers = call(name, [value(of: key), step, Self.zero], HLOType(.float32, [count]))
        return function.reshaped(numbers, to: dimensions)
    }

    /// The argument that a key is given as.
    private mutating func value(of key: RandomKey) -> HLOValue {
        if let known = keyNumbers[key] { return keyValue(known) }
        keys.append(key)
        keyNumbers[key] = keys.count - 1
        return keyValue(keys.count - 1)
    }
}
