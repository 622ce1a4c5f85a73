extension Program {
    /// Floats that an executable of this program would hold: what it is given and the arena of its plan. Nothing is allocated.
    public var plannedFloats: Int {
        let graph = Graph(self)
        let schedule = Schedule(graph)
        let given = inputs.map(\.shape.count) + schedule.constantFactors(of: graph).map(\.storage.count)
        return given.reduce(0, +) + MemoryPlan(graph, schedule).arenaCount
    }
}
