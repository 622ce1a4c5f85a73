import Tensors

/// The location of each value of a scheduled graph: in its input's own memory, or at an offset of one arena that values share when
/// they are not needed at the same time.
struct MemoryPlan {
    enum Place: Equatable {
        /// The memory of an input; for a value that is the input's new state, it is written in place.
        case input(Int)
        case constant
        /// Offset in the arena, in floats.
        case arena(Int)
    }

    private(set) var places: [Place]
    /// Floats in the arena.
    private(set) var arenaCount = 0
    /// Values that are in memory at all: the rest pass from operation to operation within a fused kernel.
    private(set) var stored: Set<Int> = []
    /// Values that are in memory for one batch tile at a time.
    private(set) var tiled: Set<Int> = []
    /// For each group, the memory of its tiled values for each thread, followed by that of operands that are packed once.
    private(set) var groups: [GroupMemory] = []
    /// New states that could not be written in place: copied when the run ends.
    private(set) var copiedUpdates: [(from: View, toInput: Int)] = []

    struct GroupMemory {
        fileprivate(set) var offset = 0
        /// The number of floats for one thread.
        let floats: Int
        let threads: Int
        let packed: Int

        var packedOffset: Int { offset + threads * floats }
    }

    /// - Parameters:
    ///   - threads: threads that each do batch tiles of their own.
    ///   - packed: floats of a group's packed operands.
    init(
        _ graph: Graph, _ schedule: Schedule, threads: Int = 1,
        packed: (BatchTiling.Group) -> Int = { _ in 0 }
    ) {
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
        let blocks = needed.map {
            Block(
                value: $0, count: graph.values[$0].shape.count, from: made[$0]!,
                to: lastRead[$0] ?? made[$0]!)
        }
        assign(blocks, graph, schedule, threads: threads, packed: packed)
    }

    /// A group's values live in its batch tiles where nothing else reads them, or else for all of the group.
    private mutating func assign(
        _ blocks: [Block], _ graph: Graph, _ schedule: Schedule, threads: Int,
        packed: (BatchTiling.Group) -> Int
    ) {
        var groupOf: [Int: Int] = [:]
        for (index, group) in schedule.groups.enumerated() {
            for stage in group.stages { groupOf[stage] = index }
        }
        var blocksOfGroups = schedule.groups.map { _ in [Block]() }
        var whole: [Block] = []
        for var block in blocks {
            let first = groupOf[block.from]
            let last = groupOf[block.to]
            if let first, first == last, !graph.isColumnSum(block.value) {
                block.count /= schedule.groups[first].count
                blocksOfGroups[first].append(block)
                continue
            }
            if let first { block.from = schedule.groups[first].stages.lowerBound }
            if let last { block.to = schedule.groups[last].stages.upperBound - 1 }
            whole.append(block)
        }
        var offsets = blocksOfGroups.map { place($0) }
        for (index, group) in schedule.groups.enumerated() {
            groups.append(GroupMemory(floats: offsets[index].end, threads: threads, packed: packed(group)))
            // Behind all values in the order of blocks of one size.
            whole.append(
                Block(
                    value: graph.values.count + index,
                    count: threads * offsets[index].end + groups[index].packed,
                    from: group.stages.lowerBound, to: group.stages.upperBound - 1))
        }
        offsets.append(place(whole))
        arenaCount = offsets.last!.end
        for (value, offset) in offsets.removeLast().of {
            if value < places.count {
                places[value] = .arena(offset)
            } else {
                groups[value - places.count].offset = offset
            }
        }
        for (index, group) in offsets.enumerated() {
            for (value, offset) in group.of {
                places[value] = .arena(groups[index].offset + offset)
                tiled.insert(value)
            }
        }
    }

    /// Returns whether a new state may overwrite the old one: a fused kernel makes it, and nothing reads the old one later or out
    /// of order.
    private static func replacesInPlace(
        _ view: View, _ input: Int, _ graph: Graph, _ schedule: Schedule, _ made: [Int: Int], _ lastRead: [Int: Int]
    ) -> Bool {
        guard let stage = made[view.value], case .fused(let members, let rematerialized) = schedule.stages[stage],
            view.offset == 0, view.count == graph.values[view.value].shape.count
        else { return false }
        guard let read = lastRead[input] else { return true }
        if read != stage { return read < stage }
        // What a reduction gathers over a whole fused kernel must not grow where the fused kernel still reads.
        guard graph.work(view.value)!.isElementwise else { return false }
        return (members + rematerialized).allSatisfy { member in
            graph.work(member)!.operands.allSatisfy {
                $0.value != input || ($0.offset == 0 && $0.isContiguous && $0.count == view.count)
            }
        }
    }

    private struct Block {
        let value: Int
        var count, from, to: Int
    }

    /// Largest first, each at the lowest offset that is free for all of its life.
    private func place(_ blocks: [Block]) -> (of: [Int: Int], end: Int) {
        var offsets: [Int: Int] = [:]
        var total = 0
        var placed: [(block: Block, offset: Int, end: Int)] = []
        for block in blocks.sorted(by: { ($0.count, $1.value) > ($1.count, $0.value) }) {
            let size = AlignedMemory.room(floats: block.count)
            var offset = 0
            // `placed` is kept in order of offset.
            for other in placed where other.block.from <= block.to && block.from <= other.block.to {
                if other.offset >= offset + size { break }
                offset = max(offset, other.end)
            }
            offsets[block.value] = offset
            total = max(total, offset + size)
            let index = placed.firstIndex { $0.offset > offset } ?? placed.count
            placed.insert((block, offset, offset + size), at: index)
        }
        return (offsets, total)
    }
}
