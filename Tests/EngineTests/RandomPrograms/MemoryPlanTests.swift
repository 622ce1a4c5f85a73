import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("The memory plan of a random program", .serialized) struct MemoryPlanTests {
    @Test("has no two values in one place at one time", arguments: [1, 2, 3])
    func overlaps(threads: Int) {
        ScheduleTests.forEach(threads: threads) { place, random, graph, schedule in
            let packed = 48
            let plan = MemoryPlan(graph, schedule, threads: threads) { _ in packed }
            let lives = Lives(graph, schedule, plan)
            let faults = lives.overlaps + lives.faults(threads: threads, packed: packed)
            #expect(faults == [], "\(place) on \(threads) threads, of\n\(random)")
        }
    }

    @Test("has values that live at different times share memory")
    func shares() {
        var planned = 0, all = 0
        ScheduleTests.forEach { _, _, graph, schedule in
            let plan = MemoryPlan(graph, schedule)
            planned += plan.arenaCount
            for value in plan.stored where graph.work(value) != nil {
                all += AlignedMemory.room(floats: graph.values[value].shape.count)
            }
        }
        if Seeds.areMany { #expect(planned * 4 < all * 3) }
    }
}

/// When each value of a plan is wanted, found out from the schedule alone, and where it lies.
private struct Lives {
    private struct Life {
        let value: Int
        /// Stages from the first that writes it to the last that reads it; of results on to the end.
        let stages: ClosedRange<Int>
        /// Floats in its memory, with those behind it that vector code may touch.
        let floats: Range<Int>
    }

    private let graph: Graph
    private let schedule: Schedule
    private let plan: MemoryPlan
    private var made: [Int: Int] = [:]
    private var read: [Int: [Int]] = [:]
    private let end: Int

    init(_ graph: Graph, _ schedule: Schedule, _ plan: MemoryPlan) {
        (self.graph, self.schedule, self.plan) = (graph, schedule, plan)
        end = schedule.stages.count
        for (index, stage) in schedule.stages.enumerated() {
            for value in stage.values { made[value] = index }
            for view in stage.reads(graph) { read[view.value, default: []].append(index) }
        }
        for view in graph.outputs + plan.copiedUpdates.map(\.from) { read[view.value, default: []].append(end) }
        for view in graph.updates where read[view.value] == nil && made[view.value] != nil {
            read[view.value] = [end]
        }
    }

    private func group(of stage: Int) -> Int? { schedule.groups.firstIndex { $0.stages.contains(stage) } }

    /// Of a value of the arena. What is made or read within a group, but not for one batch tile alone, is wanted throughout it.
    private func life(of value: Int, at offset: Int) -> Life? {
        guard let first = made[value], let last = read[value]?.max() else { return nil }
        let count = graph.values[value].shape.count
        if plan.tiled.contains(value), let group = group(of: first) {
            let floats = AlignedMemory.room(floats: count / schedule.groups[group].count)
            return Life(value: value, stages: first...last, floats: offset..<(offset + floats))
        }
        let from = group(of: first).map { schedule.groups[$0].stages.lowerBound } ?? first
        let to = group(of: last).map { schedule.groups[$0].stages.upperBound - 1 } ?? last
        return Life(
            value: value, stages: from...to, floats: offset..<(offset + AlignedMemory.room(floats: count)))
    }

    private var lives: [Life] {
        plan.places.enumerated().compactMap { value, place in
            if case .arena(let offset) = place { life(of: value, at: offset) } else { nil }
        }
    }

    /// Pairs of values of which one would be written over the other.
    var overlaps: [String] {
        let lives = lives
        return lives.indices.flatMap { first in
            lives[..<first].compactMap { other in
                let life = lives[first]
                guard life.stages.overlaps(other.stages), life.floats.overlaps(other.floats) else { return nil }
                return "values \(other.value) and \(life.value) at \(life.floats.lowerBound)"
            }
        }
    }

    /// What else would be lost, or read where it is not.
    func faults(threads: Int, packed: Int) -> [String] {
        var faults: [String] = []
        for (value, stages) in read.sorted(by: { $0.key < $1.key }) where graph.work(value) != nil {
            if made[value] == nil { faults.append("value \(value) is read and never made") }
            if plan.places[value] == .constant { faults.append("value \(value) has no memory") }
            guard plan.tiled.contains(value), let first = made[value] else { continue }
            let isInside = stages.allSatisfy { group(of: $0) == group(of: first) }
            if group(of: first) == nil || !isInside { faults.append("value \(value) leaves its batch tile") }
        }
        for life in lives {
            if life.floats.upperBound > plan.arenaCount {
                faults.append("value \(life.value) ends outside of the arena")
            }
            for (group, memory) in zip(schedule.groups, plan.groups) {
                let thread = memory.offset..<(memory.offset + memory.floats)
                let all = memory.offset..<(memory.packedOffset + packed)
                if memory.packedOffset != memory.offset + threads * memory.floats || all.upperBound > plan.arenaCount {
                    faults.append("batch tiles of stages \(group.stages) have too little memory")
                }
                guard life.stages.overlaps(group.stages.lowerBound...(group.stages.upperBound - 1)) else { continue }
                let isInBand = plan.tiled.contains(life.value) && group.stages.contains(made[life.value]!)
                let isRight = isInBand ? thread.contains(life.floats) : !all.overlaps(life.floats)
                if !isRight { faults.append("value \(life.value) lies across the memory of batch tiles") }
            }
        }
        return faults + states
    }

    /// New states that would be written over old ones that are wanted still, or by two values.
    private var states: [String] {
        var faults: [String] = []
        for (input, view) in graph.updates.enumerated() where view.value != input {
            let writers = plan.places.indices.filter { plan.places[$0] == .input(input) && graph.work($0) != nil }
            let isCopied = plan.copiedUpdates.contains { $0.toInput == input }
            if writers.count + (isCopied ? 1 : 0) != 1 {
                faults.append("state \(input) is written by \(writers.count) values")
            }
            guard let writer = writers.first else { continue }
            if writer != view.value { faults.append("state \(input) becomes value \(writer)") }
            guard let stage = made[writer] else { continue }
            for reader in read[input] ?? [] where reader >= stage {
                let isElementByElement = schedule.stages[reader].reads(graph).allSatisfy {
                    $0.value != input || ($0.offset == 0 && $0.isContiguous && $0.count == view.count)
                }
                if reader > stage || !isElementByElement {
                    faults.append("state \(input) is read at \(reader) after \(stage)")
                }
            }
        }
        return faults
    }
}
