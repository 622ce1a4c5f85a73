extension Program {
    /// Floats that an executable of this program would hold: what it is given and the arena of its plan. Nothing is allocated.
    public var plannedFloats: Int {
        let graph = Graph(self)
        let given = inputs.map(\.shape.count) + graph.constantFactors.map(\.storage.count)
        return given.reduce(0, +) + MemoryPlan(graph, Schedule(graph)).arenaCount
    }
}
