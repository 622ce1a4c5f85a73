/// The order in which a graph's work is done, elementwise work gathered into chains.
///
/// Everything that is not elementwise is done as soon as its operands are there, elementwise work as late as it can be while
/// something waits for it: so an activation, its derivative and its tangent meet in one chain, one pass over memory. Work that
/// only the results wait for (optimizer updates) comes last, when nothing reads the old state any more.
struct Schedule {
    enum Stage {
        case single(Int)
        /// Elementwise values of one shape, in order, made in one pass.
        case chain([Int])
    }

    private(set) var stages: [Stage] = []

    /// A chain is closed at this many operations, well within the kernels' registers.
    static let longestChain = 40

    init(_ graph: Graph) {
        let works = graph.liveWork
        let feedsOthers = Self.feedingOthers(graph, works)
        var made = Set(graph.values.indices).subtracting(works)
        var heavy = works.filter { !graph.work($0)!.isElementwise }
        var light = works.filter { graph.work($0)!.isElementwise }
        func isReady(_ value: Int, _ made: Set<Int>) -> Bool {
            graph.work(value)!.operands.allSatisfy { made.contains($0.value) }
        }
        while !heavy.isEmpty || !light.isEmpty {
            var waiting: [Int] = []
            for value in heavy {
                if isReady(value, made) {
                    stages.append(.single(value))
                    made.insert(value)
                } else {
                    waiting.append(value)
                }
            }
            heavy = waiting
            var ready: [Int] = [], later: [Int] = []
            var reachable = made
            for value in light {
                if heavy.isEmpty || feedsOthers.contains(value), isReady(value, reachable) {
                    ready.append(value)
                    reachable.insert(value)
                } else {
                    later.append(value)
                }
            }
            stages += Self.chains(of: ready, graph).map { .chain($0) }
            made = reachable
            light = later
        }
    }

    /// Elementwise values that something not elementwise is computed from.
    private static func feedingOthers(_ graph: Graph, _ works: [Int]) -> Set<Int> {
        var result: Set<Int> = []
        for value in works.reversed() {
            let work = graph.work(value)!
            if !work.isElementwise || result.contains(value) {
                result.formUnion(work.operands.map(\.value))
            }
        }
        return result
    }

    /// Chains that make the values, each chain after those it reads.
    private static func chains(of values: [Int], _ graph: Graph) -> [[Int]] {
        var chains: [(shape: [Int], values: [Int], touched: Set<Int>)] = []
        var chainOf: [Int: Int] = [:]
        for value in values {
            let shape = graph.values[value].shape.dimensions.filter { $0 != 1 }
            let views = graph.work(value)!.operands.filter { !graph.isNumber($0.value) }
            let operands = Set(views.map(\.value))
            // A chain hands on its elements in order; one that is read otherwise must be over before.
            let latest =
                views.compactMap { view in
                    chainOf[view.value].map { view.isWhole(of: graph.values[view.value].shape) ? $0 : $0 + 1 }
                }.max() ?? -1
            // A chain may be joined if it is not before one that this value reads, and shares something with it.
            let joined = chains.indices.first {
                $0 >= latest && chains[$0].shape == shape && chains[$0].values.count < longestChain
                    && ($0 == latest || !chains[$0].touched.isDisjoint(with: operands))
            }
            let index = joined ?? chains.count
            if joined == nil { chains.append((shape, [], [])) }
            chains[index].values.append(value)
            chains[index].touched.formUnion(operands.union([value]))
            chainOf[value] = index
        }
        return chains.map(\.values)
    }
}

extension Graph {
    /// The work that makes a value; nil for what is given.
    func work(_ value: Int) -> Work? {
        if case .work(let work) = values[value].origin { work } else { nil }
    }

    /// The values made from each value; -1 for the results of the program.
    var readers: [Int: [Int]] {
        var result: [Int: [Int]] = [:]
        for value in values.indices {
            for operand in work(value)?.operands ?? [] { result[operand.value, default: []].append(value) }
        }
        for view in outputs + updates { result[view.value, default: []].append(-1) }
        return result
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
}
