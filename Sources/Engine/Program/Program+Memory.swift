extension Program {
    /// Floats that an executable of this program would hold: inputs, states and the arena of its plan. Nothing is allocated.
    public var plannedFloats: Int {
        let graph = Graph(self)
        return inputs.reduce(0) { $0 + $1.shape.count } + MemoryPlan(graph, Schedule(graph)).arenaCount
    }
}
