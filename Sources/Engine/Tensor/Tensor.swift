/// A value that may not be computed yet: an immutable handle on one node of a traced computation.
///
/// Operations on tensors compute nothing; they record primitives. A `Program` compiles and runs what was recorded, `jvp` and
/// `gradient` derive new recordings from it.
public struct Tensor: Sendable {
    package let node: Node

    package init(_ node: Node) { self.node = node }

    package init(_ primitive: Primitive, _ inputs: [Tensor] = [], shape: Shape) {
        node = Node(primitive, inputs.map(\.node), shape)
    }

    /// The extents of the axes.
    public var shape: Shape { node.shape }
    /// The number of axes.
    public var rank: Int { node.shape.rank }

    /// One number, of shape `[]`.
    public init(_ value: Double) { self.init(.scalar(value), shape: []) }

    /// Known numbers, the last axis fastest; as many as the shape has elements.
    public init(_ values: some Collection<Float>, shape: Shape) {
        precondition(values.count == shape.count, "\(values.count) values do not fill shape \(shape)")
        self.init(.constant(Storage(values)), shape: shape)
    }

    /// Known numbers in memory of another owner.
    package init(_ storage: Storage, shape: Shape) {
        precondition(storage.count == shape.count, "\(storage.count) values do not fill shape \(shape)")
        self.init(.constant(storage), shape: shape)
    }

    /// An input of a program, whose value is written before a run.
    public static func placeholder(_ shape: Shape) -> Tensor { Tensor(.placeholder, shape: shape) }

    /// Zeros of a shape.
    public static func zeros(_ shape: Shape) -> Tensor { Tensor(0).broadcast(to: shape) }

    /// Ones of a shape.
    public static func ones(_ shape: Shape) -> Tensor { Tensor(1).broadcast(to: shape) }
}

/// One recorded operation: what, of which nodes, giving which shape.
package final class Node: Sendable {
    package let primitive: Primitive
    package let inputs: [Node]
    package let shape: Shape

    package init(_ primitive: Primitive, _ inputs: [Node], _ shape: Shape) {
        self.primitive = primitive
        self.inputs = inputs
        self.shape = shape
    }

    /// The nodes that the roots are computed from, the roots included, each after its inputs.
    package static func ordered(from roots: [Node]) -> [Node] {
        var seen: Set<ObjectIdentifier> = []
        var order: [Node] = []
        var stack: [(node: Node, next: Int)] = []
        for root in roots where seen.insert(ObjectIdentifier(root)).inserted {
            stack.append((root, 0))
            while let (node, next) = stack.last {
                if next == node.inputs.count {
                    order.append(node)
                    stack.removeLast()
                } else {
                    stack[stack.count - 1].next += 1
                    let input = node.inputs[next]
                    if seen.insert(ObjectIdentifier(input)).inserted { stack.append((input, 0)) }
                }
            }
        }
        return order
    }
}
