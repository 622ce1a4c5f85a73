/// The products whose operands `mixed` rounds to bfloat16, on every backend: those without short sides that are no stack of small ones.
extension Precision {
    /// Products with a side shorter than this are float32 in every precision: vectors would be mostly padding, and a network's inputs
    /// of few dimensions keep their precision.
    package static let shortestSide = 16
    /// The largest number of multiplications in each product of a stack of small ones, which are float32 too.
    package static let mostOfSmall = 64 * 64 * 64
    /// The largest number of leading axes of a stack of small products.
    package static let mostStackAxes = 4

    /// Whether the operands of a product […, m, k] · […, k, n] are rounded.
    package func roundsOperands(_ a: [Int], _ b: [Int]) -> Bool {
        let leading = a.dropLast(2), sides = [a[a.count - 2], a[a.count - 1], b[b.count - 1]]
        let isStack = leading.count <= Self.mostStackAxes && leading.reduce(1, *) > 1
        switch self {
        case .float32: return false
        case .mixed:
            return sides.allSatisfy { $0 >= Self.shortestSide }
                && !(isStack && sides.reduce(1, *) <= Self.mostOfSmall)
        }
    }
}
