/// What a gradient computes again instead of keeping it from the forward to the backward pass: everything between two kept values
/// (`Tensor.kept`), once the cotangent of the later one is there. Values before the first kept one and behind the last stay.
///
/// The backward pass of a deep network then holds the kept values and what lies between two of them at a time, for a second forward
/// pass (Chen et al., arXiv 1604.06174). Values are the same: what is computed again has the same operations.
struct Rematerialization {
    /// Of each node its place in the order of the forward pass, and its depth: kept values on the longest path from the inputs to it, itself
    /// counted.
    private var known: [ObjectIdentifier: (place: Int, depth: Int)] = [:]
    /// Nodes that are computed again, and those by which they are.
    private var again: [ObjectIdentifier: Tensor] = [:]

    /// - Parameter order: the nodes of the forward pass, each after its inputs.
    init(_ order: [Node]) {
        for (place, node) in order.enumerated() {
            let before = node.inputs.map(depth).max() ?? 0
            known[ObjectIdentifier(node)] = (place, before + (node.isKept ? 1 : 0))
        }
    }

    private func depth(of node: Node) -> Int { known[ObjectIdentifier(node)]!.depth }

    /// What stands for a node in the backward pass.
    func value(of node: Node) -> Tensor { again[ObjectIdentifier(node)] ?? Tensor(node) }

    /// Has what lies before a kept node computed again behind its cotangent.
    /// - Returns: the cotangent, from which the backward pass goes on.
    mutating func enter(_ node: Node, _ cotangent: Tensor) -> Tensor {
        let depth = depth(of: node) - 1
        guard depth > 0 else { return cotangent }
        var cotangent = cotangent
        var copies: [ObjectIdentifier: Tensor] = [:]
        for member in region(before: node, depth) {
            if member.isKept {
                let start = Tensor(member)
                copies[ObjectIdentifier(member)] = start.after(cotangent)
                cotangent = cotangent.after(start)
            } else {
                let inputs = member.inputs.map { copies[ObjectIdentifier($0)] ?? Tensor($0) }
                copies[ObjectIdentifier(member)] = Tensor(member.primitive, inputs, shape: member.shape)
            }
        }
        again.merge(copies) { known, _ in known }
        return cotangent
    }

    /// The nodes between a kept node and the kept ones of this depth, these included, each after its inputs.
    private func region(before end: Node, _ depth: Int) -> [Node] {
        var seen: Set<ObjectIdentifier> = [], found: [Node] = [], rest = end.inputs
        while let node = rest.popLast() {
            guard self.depth(of: node) == depth, seen.insert(ObjectIdentifier(node)).inserted else { continue }
            found.append(node)
            if !node.isKept { rest += node.inputs }
        }
        return found.sorted { known[ObjectIdentifier($0)]!.place < known[ObjectIdentifier($1)]!.place }
    }
}

extension Node {
    fileprivate var isKept: Bool { if case .keep = primitive { true } else { false } }
}

extension Tensor {
    /// The same value, which a rematerializing gradient keeps for its backward pass.
    public var kept: Tensor { Tensor(.keep, [self], shape: shape) }

    /// The same value, which a device hands on only once it has another.
    package func after(_ other: Tensor) -> Tensor { Tensor(.after, [self, other], shape: shape) }
}
