import Tensors

extension Program {
    /// The number of floats that an executable of this program would hold, in its inputs and its arena. Nothing is allocated.
    var plannedFloats: Int {
        let graph = Graph(self)
        let schedule = Schedule(graph)
        let given = inputs.map(\.shape.count) + schedule.constantFactors(of: graph).map(\.storage.count)
        return given.reduce(0, +) + MemoryPlan(graph, schedule).arenaCount
    }
}
