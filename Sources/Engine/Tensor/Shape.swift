/// The extents of a tensor's axes, outermost first; `[]` is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The extents, outermost axis first.
    public let dimensions: [Int]

    /// Extents must not be negative.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "a shape has no negative extent: \(dimensions)")
        self.dimensions = dimensions
    }

    /// Creates a shape of extents, outermost first.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements; 1 for a scalar.
    public var count: Int { dimensions.reduce(1, *) }

    /// The extents as an array literal.
    public var description: String { "\(dimensions)" }

    /// The extent of an axis; a negative axis counts from the last.
    public subscript(axis: Int) -> Int { dimensions[resolve(axis)] }

    /// The axis as a position in `0..<rank`; a negative one counts from the last.
    public func resolve(_ axis: Int) -> Int {
        let resolved = axis < 0 ? axis + rank : axis
        precondition((0..<rank).contains(resolved), "axis \(axis) is outside shape \(self)")
        return resolved
    }

    /// The shape with one axis replaced.
    public func replacing(_ axis: Int, with extent: Int) -> Shape {
        var result = dimensions
        result[resolve(axis)] = extent
        return Shape(result)
    }

    /// The common shape of two operands under right-aligned broadcasting, or nil when an axis fits neither.
    public func broadcast(with other: Shape) -> Shape? {
        let rank = Swift.max(rank, other.rank)
        let left = paddedLeft(to: rank), right = other.paddedLeft(to: rank)
        var result: [Int] = []
        for (a, b) in zip(left, right) {
            guard a == b || a == 1 || b == 1 else { return nil }
            result.append(a == 1 ? b : a)
        }
        return Shape(result)
    }

    /// Extents with ones put before them until there are `rank` of them.
    func paddedLeft(to rank: Int) -> [Int] {
        Array(repeating: 1, count: rank - self.rank) + dimensions
    }

    /// Steps in memory between neighbours along each axis, for elements laid out with the last axis fastest.
    package var contiguousStrides: [Int] {
        var strides = Array(repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }
}
