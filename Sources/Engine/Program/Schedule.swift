/// The order in which a graph's work is done, elementwise work and what reduces it gathered into chains.
///
/// Everything that no chain can hold is done as soon as its operands are there, chains' work as late as it can be while something
/// waits for it: so an activation, its derivative and its tangent meet in one chain, one pass over memory, as do a norm and what
/// modulates it. Sums over columns are taken along by the chain that makes or reads what they sum. Work that only the results wait for
/// (optimizer updates) comes last, when nothing reads the old state any more.
struct Schedule {
    enum Stage {
        case single(Int)
        /// Values over elements of one shape or over their rows, in order, made in one pass; and those of earlier stages that the
        /// pass computes again.
        case chain([Int], again: [Int])
    }

    private(set) var stages: [Stage] = []
    /// Stages that are done together, band by band.
    private(set) var groups: [Banding.Group] = []

    init(_ graph: Graph, _ limits: Banding.Limits = .init()) {
        let works = graph.liveWork, facts = Facts(graph, works)
        var made = Array(repeating: true, count: graph.values.count)
        for value in works { made[value] = false }
        var heavy = works.filter { !facts.isLight[$0] }
        var light = works.filter { facts.isLight[$0] }
        while !heavy.isEmpty || !light.isEmpty {
            var waiting: [Int] = []
            for value in heavy {
                if !facts.isColumnSum[value], facts.isReady(value, made) {
                    stages.append(.single(value))
                    made[value] = true
                } else {
                    waiting.append(value)
                }
            }
            heavy = waiting
            var ready: [Int] = [], later: [Int] = []
            let columnSums = heavy.filter { facts.isColumnSum[$0] }
            for value in columnSums.isEmpty ? light : (light + columnSums).sorted() {
                let isWanted = heavy.isEmpty || facts.feedsOthers[value] || facts.isColumnSum[value]
                if isWanted, facts.isReady(value, made) {
                    ready.append(value)
                    made[value] = true
                } else if facts.isLight[value] {
                    later.append(value)
                }
            }
            stages += ChainForming.chains(of: ready, graph).map { .chain($0, again: []) }
            light = later
            if !columnSums.isEmpty { heavy.removeAll { made[$0] } }
        }
        let again = Recomputation.values(for: stages, graph, from: limits.smallestRecomputed)
        for (index, values) in again.enumerated() where !values.isEmpty {
            if case .chain(let members, _) = stages[index] { stages[index] = .chain(members, again: values) }
        }
        stages = Self.withoutUnread(stages, graph)
        let banding = Banding(graph, stages, limits)
        (stages, groups) = (banding.stages, banding.groups)
    }

    /// The stages without the values that nobody reads any more, now that all who read them compute them again: 1 % of a perceptron's step.
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

/// What is asked of each value again and again, by its number: looked up in the graph each time, it was a tenth of the time to a
/// transformer's first step.
private struct Facts {
    private(set) var operands: [[Int]]
    private(set) var isLight, isColumnSum: [Bool]
    /// Of members of chains: whether something outside of chains is computed from it.
    private(set) var feedsOthers: [Bool]

    init(_ graph: Graph, _ works: [Int]) {
        operands = Array(repeating: [], count: graph.values.count)
        isLight = Array(repeating: false, count: graph.values.count)
        (isColumnSum, feedsOthers) = (isLight, isLight)
        for value in works.reversed() {
            let work = graph.work(value)!
            operands[value] = work.operands.map(\.value)
            isLight[value] = work.isLight
            isColumnSum[value] = graph.isColumnSum(value)
            if !isLight[value] || feedsOthers[value] {
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
        case .chain(let values, _): values
        }
    }

    /// What of a chain is needed to make the values that are wanted; nil where it makes none of them.
    fileprivate func making(_ wanted: Set<Int>, _ graph: Graph) -> Self? {
        guard case .chain(let values, let again) = self else { return self }
        var needed = wanted.intersection(values)
        for value in (values + again).sorted().reversed() where needed.contains(value) {
            needed.formUnion(graph.work(value)!.operands.map(\.value))
        }
        let kept = values.filter(needed.contains)
        return kept.isEmpty ? nil : .chain(kept, again: again.filter(needed.contains))
    }

    /// The views that the stage reads from memory.
    func reads(_ graph: Graph) -> [View] {
        guard case .chain(let values, let again) = self else { return values.flatMap { graph.work($0)!.operands } }
        let own = Set(values + again)
        return (values + again).flatMap { value in
            graph.work(value)!.operands.filter { view in
                let shape = graph.values[view.value].shape
                return !own.contains(view.value) || !(view.isWhole(of: shape) || view.repeatsRows(of: shape))
            }
        }
    }
}

extension Graph {
    /// The work that makes a value; nil for what is given.
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

    /// The window on a sum over columns, repeated to what a chain that keeps the sum as it goes is over: elements in the shape that
    /// they are made in by a chain, or else are summed in. Nil for fewer columns than a vector has.
    func columnSum(_ value: Int) -> View? {
        guard case .sum(let view, let fold) = work(value), fold.inner >= 16, let operand = work(view.value),
            view.isWhole(of: values[view.value].shape)
        else { return nil }
        let columns = View(value: value, shape: values[value].shape).columns(of: view.extents)
        return operand.isElementwise ? columns.reshaped(to: values[view.value].shape) : columns
    }

    func isColumnSum(_ value: Int) -> Bool { columnSum(value) != nil }
}
