/// Which stages of a schedule are done together, band by band of the batch, so that what they hand each other stays in the second-level
/// cache and is never in memory as a whole.
///
/// A band is some samples: of every value that has the batch along its first axis, that part. From a first stage, those are taken that
/// read what was made last and know of no other sample; sums over the batch (gradients of weights) come after. What is computed is
/// the same to the last bit: the parts of a product, of a chain and of attention are those of the whole, and sums over columns run on
/// from band to band.
struct Banding {
    /// Stages that are done for one band after the other.
    struct Group {
        let stages: Range<Int>
        let count: Int
    }

    private(set) var stages: [Schedule.Stage] = []
    private(set) var groups: [Group] = []

    /// Numbers in what a chain goes over below which it stays in the cache anyway.
    private static let smallest = 1 << 17
    /// Rows of a product in a band, at least: with fewer its other operand is read too often.
    private static let fewestRows = 48
    /// Products and attentions in a group: those of a transformer's block, forward and along a tangent.
    private static let longest = 8
    /// Numbers that the longest chain goes over in a band, about: with what they are made from and become, they fill the second-level
    /// cache.
    private static let size = 100_000

    private let graph: Graph
    private let given: [Schedule.Stage]
    private var reads: [[View]] = []
    private var readers: [[Int]]
    private var maker: [Int: Int] = [:]
    private var isDone: [Bool]
    private var extents: [Int?] = []
    private var count = 1

    init(_ graph: Graph, _ given: [Schedule.Stage]) {
        self.graph = graph
        self.given = given
        isDone = Array(repeating: false, count: given.count)
        readers = Array(repeating: [], count: given.count)
        // Behind the last work that is no chain, only the state's updates are left: they stay behind all that reads the old state.
        let last = given.lastIndex { if case .single = $0 { true } else { false } } ?? -1
        for (index, stage) in given.enumerated() {
            for value in stage.values { maker[value] = index }
            reads.append(stage.reads(graph))
            for source in Set(reads[index].compactMap { maker[$0.value] }).sorted() where source != index {
                readers[source].append(index)
            }
        }
        let kept = Set(graph.updates.map(\.value))
        let longest = given.prefix(last + 1).compactMap { $0.chainCount(graph) }.max() ?? 0
        let most = max(1, longest / Self.size)
        extents = given.indices.map { index in
            index > last || given[index].values.contains { kept.contains($0) }
                ? nil : leadingExtent(given[index], most)
        }
        let common = extents.compactMap { $0 }.reduce(0, Self.commonDivisor)
        count = common == 0 ? 1 : (1...most).last { common % $0 == 0 }!
        if count > 1 { gather(before: last + 1) } else { stages = given }
    }

    private mutating func gather(before end: Int) {
        var next = 0
        while next < end {
            // What is no member of any group is done as soon as it can be.
            for index in next..<end
            where !isDone[index] && extents[index] == nil && isReady(index, in: []) { emit(index) }
            while next < end, isDone[next] { next += 1 }
            guard let first = (next..<end).first(where: { !isDone[$0] && isReady($0, in: []) }) else {
                break
            }
            let members = extents[first] == nil ? [first] : group(from: first, before: end)
            let start = stages.count
            members.forEach { emit($0) }
            if members.count > 1 { groups.append(Group(stages: start..<stages.count, count: count)) }
        }
        precondition(isDone[..<end].allSatisfy { $0 }, "a schedule's stages have no order")
        stages += given[end...]
    }

    private mutating func emit(_ index: Int) {
        stages.append(given[index])
        isDone[index] = true
    }

    /// The stages that can be done with a first one, each after those it reads, next to them where it can be.
    private func group(from first: Int, before end: Int) -> [Int] {
        var members = [first]
        var isMember: Set<Int> = [first]
        var heavy = isHeavy(first) ? 1 : 0
        while let next = members.reversed().lazy.compactMap({ member in
            readers[member].first { reader in
                reader < end && !isMember.contains(reader) && !isDone[reader] && extents[reader] != nil
                    && isReady(reader, in: isMember)
            }
        }).first {
            if isHeavy(next) { heavy += 1 }
            if heavy > Self.longest { break }
            members.append(next)
            isMember.insert(next)
        }
        return members
    }

    private func isHeavy(_ index: Int) -> Bool {
        if case .single = given[index] { true } else { false }
    }

    /// Whether all that a stage reads is made, or made band by band by members of its group.
    private func isReady(_ index: Int, in group: Set<Int>) -> Bool {
        reads[index].enumerated().allSatisfy { place, view in
            guard let source = maker[view.value], !isDone[source], source != index else { return true }
            guard group.contains(source), !graph.isColumnSum(view.value) else { return false }
            if case .single(let value) = given[index], case .product = graph.work(value), place == 1 {
                return false
            }
            return isAligned(view)
        }
    }

    /// Whether a band of a view sees nothing but that band of the value.
    private func isAligned(_ view: View) -> Bool {
        let portion = graph.values[view.value].shape.count / count
        guard let axis = view.extents.firstIndex(where: { $0 != 1 }), view.extents[axis] % count == 0
        else { return false }
        let extent = view.extents[axis] / count
        let rest = view.extents.indices.dropFirst(axis + 1).reduce(0) {
            $0 + (view.extents[$1] - 1) * view.strides[$1]
        }
        return view.strides[axis] * extent == portion
            && view.offset + (extent - 1) * view.strides[axis] + rest < portion
    }

    /// What the number of bands has to divide; nil for a stage that is not done in bands.
    private func leadingExtent(_ stage: Schedule.Stage, _ most: Int) -> Int? {
        switch stage {
        case .single(let value): leadingExtent(of: value, most)
        case .chain(let values, let again):
            stage.chainCount(graph)! < Self.smallest
                ? nil
                : (values + again).map { value in
                    graph.chainShape(value).dimensions.first { $0 != 1 } ?? 1
                }.reduce(0, Self.commonDivisor)
        }
    }

    private func leadingExtent(of value: Int, _ most: Int) -> Int? {
        switch graph.work(value)! {
        case .product(let a, let b, let place):
            let isPlain = a.extents.count == 2 && a.strides[1] == 1 && place.isContiguous
            let isLong = isPlain && a.extents[0] >= Self.fewestRows * most
            return isLong && !ProductStack.takes(a, b, place: place) ? a.extents[0] : nil
        case .attention(_, _, let views): return views[0].extents[0]
        default: return nil
        }
    }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : commonDivisor(b, a % b)
    }
}

extension Schedule.Stage {
    /// Numbers that a chain goes over.
    fileprivate func chainCount(_ graph: Graph) -> Int? {
        guard case .chain(let values, _) = self else { return nil }
        return values.lazy.map { graph.chainShape($0).count }.max()
    }
}

extension Graph {
    /// The shape of what a member of a chain goes over: for a reduction, of what it reads.
    func chainShape(_ value: Int) -> Shape {
        switch work(value) {
        case .sum(let view, _), .largest(let view, _): Shape(view.extents)
        default: values[value].shape
        }
    }
}

extension View {
    /// The view's first band of some, and how far the next lies from it.
    func band(of count: Int) -> (view: View, shift: Int) {
        guard count > 1, let axis = extents.firstIndex(where: { $0 != 1 }) else { return (self, 0) }
        var view = self
        view.extents[axis] /= count
        return (view, view.extents[axis] * strides[axis])
    }
}
