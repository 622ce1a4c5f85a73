/// Where each value of a scheduled graph lives: in its input's own memory, or at an offset of one arena that values share when
/// they are not needed at the same time.
struct MemoryPlan {
    enum Place: Equatable {
        /// In the memory of an input; for a value that is the input's new state, written in place.
        case input(Int)
        case constant
        /// Offset in the arena, in floats.
        case arena(Int)
    }

    private(set) var places: [Place]
    /// Floats in the arena.
    private(set) var arenaCount = 0
    /// Values that are in memory at all: the rest pass from operation to operation within a chain.
    private(set) var stored: Set<Int> = []
    /// New states that could not be written in place: copied when the run ends.
    private(set) var copiedUpdates: [(from: View, toInput: Int)] = []

    init(_ graph: Graph, _ schedule: Schedule) {
        places = Array(repeating: .constant, count: graph.values.count)
        var made: [Int: Int] = [:], lastRead: [Int: Int] = [:]
        for (stage, content) in schedule.stages.enumerated() {
            for value in content.values { made[value] = stage }
            for view in content.reads(graph) { lastRead[view.value] = stage }
        }
        for view in graph.outputs { lastRead[view.value] = .max }
        for (value, content) in graph.values.enumerated() {
            if case .input(let index) = content.origin { places[value] = .input(index) }
        }
        var inPlace: Set<Int> = []
        for (input, view) in graph.updates.enumerated() where view.value != input {
            if !inPlace.contains(view.value), Self.replacesInPlace(view, input, graph, schedule, made, lastRead) {
                places[view.value] = .input(input)
                inPlace.insert(view.value)
            } else {
                copiedUpdates.append((view, input))
                lastRead[view.value] = .max
            }
        }
        stored = Set(lastRead.keys).union(inPlace)
        let needed = made.keys.filter { stored.contains($0) && !inPlace.contains($0) }.sorted()
        assign(
            needed.map {
                Block(value: $0, count: graph.values[$0].shape.count, from: made[$0]!, to: lastRead[$0] ?? made[$0]!)
            })
    }

    /// Whether a new state may overwrite the old: made by a chain, and nothing reads the old one later or out of order.
    private static func replacesInPlace(
        _ view: View, _ input: Int, _ graph: Graph, _ schedule: Schedule, _ made: [Int: Int], _ lastRead: [Int: Int]
    ) -> Bool {
        guard let stage = made[view.value], case .chain(let members, let again) = schedule.stages[stage],
            view.offset == 0, view.count == graph.values[view.value].shape.count
        else { return false }
        guard let read = lastRead[input] else { return true }
        if read != stage { return read < stage }
        // What a reduction gathers over a whole chain must not grow where the chain still reads.
        guard graph.work(view.value)!.isElementwise else { return false }
        return (members + again).allSatisfy { member in
            graph.work(member)!.operands.allSatisfy {
                $0.value != input || ($0.offset == 0 && $0.isContiguous && $0.count == view.count)
            }
        }
    }

    private struct Block { let value, count, from, to: Int }

    /// Largest first, each at the lowest offset that is free for all of its life.
    private mutating func assign(_ blocks: [Block]) {
        var placed: [(block: Block, offset: Int, end: Int)] = []
        for block in blocks.sorted(by: { ($0.count, $1.value) > ($1.count, $0.value) }) {
            let size = (block.count + AlignedMemory.padding + 15) / 16 * 16
            var offset = 0
            // `placed` is kept in order of offset.
            for other in placed where other.block.from <= block.to && block.from <= other.block.to {
                if other.offset >= offset + size { break }
                offset = max(offset, other.end)
            }
            places[block.value] = .arena(offset)
            arenaCount = max(arenaCount, offset + size)
            let index = placed.firstIndex { $0.offset > offset } ?? placed.count
            placed.insert((block, offset, offset + size), at: index)
        }
    }
}
