import Tensors

/// The order in which a graph's work is computed, with elementwise work and reductions of its results gathered into fused kernels.
///
/// Work that cannot be fused is scheduled as soon as its operands are there; fusible work as late as possible while something
/// waits for it: so an activation, its derivative and its tangent meet in one fused kernel, one pass over memory, as do a norm and
/// what modulates it. Sums over columns belong to the fused kernel that makes or reads their operand. Work that only the results
/// wait for (optimizer updates) comes last, when nothing reads the old state any more.
struct Schedule {
    enum Stage {
        /// A value that an instruction of its own makes.
        case single(Int)
        /// A fused kernel: values over elements of one shape or over their rows, in order, and the values of earlier stages that it
        /// rematerializes.
        case fused([Int], rematerialized: [Int])
    }

    private(set) var stages: [Stage] = []
    /// Stages that are done together, one batch tile at a time.
    private(set) var groups: [BatchTiling.Group] = []

    init(_ graph: Graph, _ limits: BatchTiling.Limits = .init()) {
        let works = graph.liveWork, facts = ValueFacts(graph, works)
        var made = Array(repeating: true, count: graph.values.count)
        for value in works { made[value] = false }
        var unfused = works.filter { !facts.isFusible[$0] }
        var fusible = works.filter { facts.isFusible[$0] }
        while !unfused.isEmpty || !fusible.isEmpty {
            var waiting: [Int] = []
            for value in unfused {
                if !facts.isColumnSum[value], facts.isReady(value, made) {
                    stages.append(.single(value))
                    made[value] = true
                } else {
                    waiting.append(value)
                }
            }
            unfused = waiting
            var ready: [Int] = [], later: [Int] = []
            let columnSums = unfused.filter { facts.isColumnSum[$0] }
            for value in columnSums.isEmpty ? fusible : (fusible + columnSums).sorted() {
                let isWanted = unfused.isEmpty || facts.feedsOthers[value] || facts.isColumnSum[value]
                if isWanted, facts.isReady(value, made) {
                    ready.append(value)
                    made[value] = true
                } else if facts.isFusible[value] {
                    later.append(value)
                }
            }
            stages += KernelFusion.kernels(of: ready, graph).map { .fused($0, rematerialized: []) }
            fusible = later
            if !columnSums.isEmpty { unfused.removeAll { made[$0] } }
        }
        let rematerialized = Rematerialization.values(for: stages, graph, from: limits.smallestRematerialized)
        for (index, values) in rematerialized.enumerated() where !values.isEmpty {
            if case .fused(let members, _) = stages[index] { stages[index] = .fused(members, rematerialized: values) }
        }
        stages = Self.withoutUnread(stages, graph)
        let banding = BatchTiling(graph, stages, limits)
        (stages, groups) = (banding.stages, banding.groups)
    }

    /// The stages without the values that nothing reads any more, now that all who read them compute them again: 1 % of a
    /// perceptron's step.
    private static func withoutUnread(_ stages: [Stage], _ graph: Graph) -> [Stage] {
        var wanted = Set((graph.outputs + graph.updates).map(\.value))
        var kept: [Stage] = []
        for stage in stages.reversed() {
            guard let stage = stage.making(wanted, graph) else { continue }
            wanted.formUnion(stage.reads(graph).map(\.value))
            kept.append(stage)
        }
        return kept.reversed()
    }
}

/// Properties of each value, by its number. When they were looked up in the graph each time, that took a tenth of the time to a
/// transformer's first step.
private struct ValueFacts {
    private(set) var operands: [[Int]]
    private(set) var isFusible, isColumnSum: [Bool]
    /// For each fusible value, true if an operation that cannot be fused depends on it.
    private(set) var feedsOthers: [Bool]

    init(_ graph: Graph, _ works: [Int]) {
        operands = Array(repeating: [], count: graph.values.count)
        isFusible = Array(repeating: false, count: graph.values.count)
        (isColumnSum, feedsOthers) = (isFusible, isFusible)
        for value in works.reversed() {
            let work = graph.work(value)!
            operands[value] = work.operands.map(\.value)
            isFusible[value] = work.isFusible
            isColumnSum[value] = graph.isColumnSum(value)
            if !isFusible[value] || feedsOthers[value] {
                for operand in operands[value] { feedsOthers[operand] = true }
            }
        }
    }

    func isReady(_ value: Int, _ made: [Bool]) -> Bool { operands[value].allSatisfy { made[$0] } }
}

extension Schedule.Stage {
    /// The values that the stage makes.
    var values: [Int] {
        switch self {
        case .single(let value): [value]
        case .fused(let values, _): values
        }
    }

    /// The part of a fused stage that the wanted values need; nil if it makes none of them.
    fileprivate func making(_ wanted: Set<Int>, _ graph: Graph) -> Self? {
        guard case .fused(let values, let rematerialized) = self else { return self }
        var needed = wanted.intersection(values)
        for value in (values + rematerialized).sorted().reversed() where needed.contains(value) {
            needed.formUnion(graph.work(value)!.operands.map(\.value))
        }
        let kept = values.filter(needed.contains)
        return kept.isEmpty ? nil : .fused(kept, rematerialized: rematerialized.filter(needed.contains))
    }

    /// The views that the stage reads from memory.
    func reads(_ graph: Graph) -> [View] {
        guard case .fused(let values, let rematerialized) = self else {
            return values.flatMap { graph.work($0)!.operands }
        }
        let own = Set(values + rematerialized)
        return (values + rematerialized).flatMap { value in
            graph.work(value)!.operands.filter { view in
                let shape = graph.values[view.value].shape
                return !own.contains(view.value) || !(view.isWhole(of: shape) || view.repeatsRows(of: shape))
            }
        }
    }
}

extension Graph {
    /// The work that makes a value; nil for inputs and constants.
    func work(_ value: Int) -> Work? {
        if case .work(let work) = values[value].origin { work } else { nil }
    }

    /// The made values that the results depend on, each after those it is made from.
    var liveWork: [Int] {
        var live = Set((outputs + updates).map(\.value))
        for value in values.indices.reversed() where live.contains(value) {
            live.formUnion((work(value)?.operands ?? []).map(\.value))
        }
        return live.filter { work($0) != nil }.sorted()
    }

    func isNumber(_ value: Int) -> Bool {
        if case .number = values[value].origin { true } else { false }
    }

    /// The window on a sum over columns, repeated to what a fused kernel that keeps the sum as it goes is over: elements in the
    /// shape that they are made in by a fused kernel, or else are summed in. Nil for fewer columns than a vector has.
    func columnSum(_ value: Int) -> View? {
        guard case .sum(let view, let fold) = work(value), fold.inner >= 16, let operand = work(view.value),
            view.isWhole(of: values[view.value].shape)
        else { return nil }
        let columns = View(value: value, shape: values[value].shape).columns(of: view.extents)
        return operand.isElementwise ? columns.reshaped(to: values[view.value].shape) : columns
    }

    func isColumnSum(_ value: Int) -> Bool { columnSum(value) != nil }
}
