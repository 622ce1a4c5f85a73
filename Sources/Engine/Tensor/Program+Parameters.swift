extension Program {
    /// The same program with its constants as inputs behind the others, and these constants in their order.
    ///
    /// Programs that differ in nothing but constants, such as a sampler with the weights before and after some training, become the same,
    /// so that one compiled program serves both. Constants below a hoisted value stay, as that is computed without inputs.
    public var parameterized: (program: Program, parameters: [Storage]) {
        var parameters = Parameters()
        let found = parameters.replacingConstants(below: (outputs + updates).map(\.node)).map { Tensor($0) }
        let program = Program(
            inputs: inputs + parameters.placeholders, outputs: Array(found[..<outputs.count]),
            updates: Array(found[outputs.count...]))
        return (program, parameters.storages)
    }
}

/// The constants of a program and the placeholders in their places.
private struct Parameters {
    private(set) var placeholders: [Tensor] = []
    private(set) var storages: [Storage] = []
    private var placeholderOf: [ObjectIdentifier: Node] = [:]

    /// The roots over placeholders. Nodes that depend on no constant are the same as before.
    mutating func replacingConstants(below roots: [Node]) -> [Node] {
        var replaced: [ObjectIdentifier: Node] = [:]
        for node in Node.ordered(from: roots) {
            let id = ObjectIdentifier(node)
            switch node.primitive {
            case .constant(let storage): replaced[id] = placeholder(of: storage, node.shape)
            case .hoist: replaced[id] = node
            default:
                let inputs = node.inputs.map { replaced[ObjectIdentifier($0)]! }
                let isSame = zip(inputs, node.inputs).allSatisfy { $0 === $1 }
                replaced[id] = isSame ? node : Node(node.primitive, inputs, node.shape)
            }
        }
        return roots.map { replaced[ObjectIdentifier($0)]! }
    }

    /// One placeholder for a constant, wherever it is read in this shape.
    private mutating func placeholder(of storage: Storage, _ shape: Shape) -> Node {
        let id = ObjectIdentifier(storage)
        if let known = placeholderOf[id], known.shape == shape { return known }
        let placeholder = Tensor.placeholder(shape)
        placeholders.append(placeholder)
        storages.append(storage)
        placeholderOf[id] = placeholder.node
        return placeholder.node
    }
}

/// What a program says, whichever tensors it was traced with: equal for programs that compute the same by the same operations.
struct ProgramStructure: Hashable {
    private struct Operation: Hashable {
        let primitive: Primitive
        let inputs: [Int]
        let shape: Shape
    }

    private var operations: [Operation] = []
    private let inputs, outputs, updates: [Int]

    init(_ program: Program) {
        var places: [ObjectIdentifier: Int] = [:]
        var operations: [Operation] = []
        for node in Node.ordered(from: (program.inputs + program.outputs + program.updates).map(\.node)) {
            places[ObjectIdentifier(node)] = operations.count
            operations.append(
                Operation(
                    primitive: node.primitive, inputs: node.inputs.map { places[ObjectIdentifier($0)]! },
                    shape: node.shape))
        }
        func place(_ tensor: Tensor) -> Int { places[ObjectIdentifier(tensor.node)]! }
        (inputs, outputs, updates) = (program.inputs.map(place), program.outputs.map(place), program.updates.map(place))
        self.operations = operations
    }
}
