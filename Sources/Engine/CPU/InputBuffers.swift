import Tensors

/// The memory of an executable's inputs, and of copies of the constants that its matrix products read, such as a teacher's weights.
///
/// It is one mapping on big pages. With weights in memory of their own, on pages of 4 KiB, the products of the digits' step took 4
/// % longer.
final class InputBuffers {
    let inputs: [UnsafeMutablePointer<Float>]
    private var constants: [Int: UnsafeMutablePointer<Float>] = [:]
    private let arena: Arena

    init(_ graph: Graph, _ schedule: Schedule, inputs shapes: [Shape]) {
        let factors = schedule.constantFactors(of: graph)
        var end = 0
        func places(_ counts: [Int]) -> [Int] {
            counts.map { count in
                defer { end += AlignedMemory.room(floats: count) }
                return end
            }
        }
        let inputPlaces = places(shapes.map(\.count)), factorPlaces = places(factors.map(\.storage.count))
        let arena = Arena(floats: end)
        self.arena = arena
        inputs = inputPlaces.map { arena.base + $0 }
        for ((value, storage), place) in zip(factors, factorPlaces) {
            constants[value] = arena.base + place
            constants[value]!.update(from: storage.base, count: storage.count)
        }
    }

    /// The address of the copy of a constant that matrix products read; nil for other constants, which are not copied.
    func constant(_ value: Int) -> UnsafeMutablePointer<Float>? { constants[value] }
}

extension Schedule {
    /// Floats of a constant, 16 MiB, above which it is taken for data rather than for weights: it would be in memory twice. Weights
    /// of the networks here are smaller by far; the number was not tuned.
    private static let largestFactor = 1 << 22

    /// The constants that products read, in their order.
    func constantFactors(of graph: Graph) -> [(value: Int, storage: Storage)] {
        let factors = stages.flatMap { stage -> [Int] in
            guard case .single(let value) = stage, case .matmul(let a, let b, _, _) = graph.work(value) else {
                return []
            }
            return [a.value, b.value]
        }
        return Set(factors).sorted().compactMap { value in
            guard case .constant(let storage) = graph.values[value].origin, storage.count <= Self.largestFactor else {
                return nil
            }
            return (value, storage)
        }
    }
}
