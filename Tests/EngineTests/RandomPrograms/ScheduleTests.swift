import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("The schedule of a random program", .serialized) struct ScheduleTests {
    private static let limits = [
        ("whole", BatchTiling.Limits()), ("in batch tiles", Way.batchTiles),
        ("rematerializing", Way.rematerialized),
    ]

    /// Calls a function with the graphs of random programs, as executables have them, and their schedules.
    static func forEach(
        threads: Int = 1, _ body: (_ place: String, _ random: RandomProgram, Graph, Schedule) -> Void
    ) {
        for seed in Seeds.some(200) {
            let random = ProgramGenerator.program(seed: seed)
            var graph = Graph(random.program)
            graph.fuseBiases(.float32)
            for (name, var limits) in limits {
                limits.threads = threads
                body("ABLATE_FUZZ_SEED=\(seed) \(name)", random, graph, Schedule(graph, limits))
            }
        }
    }

    @Test("makes every result once, and each stage after what it reads")
    func order() {
        Self.forEach { place, random, graph, schedule in
            var made: Set<Int> = []
            var early: [Int] = [], twice: [Int] = []
            for stage in schedule.stages {
                var own: Set<Int> = []
                for value in stage.all.sorted() {
                    for view in graph.work(value)!.operands where graph.work(view.value) != nil {
                        if !own.contains(view.value), !made.contains(view.value) { early.append(value) }
                    }
                    own.insert(value)
                }
                for value in stage.values where !made.insert(value).inserted { twice.append(value) }
            }
            #expect(early == [], "\(place): values made before their operands, of\n\(random)")
            #expect(twice == [], "\(place): values made twice, of\n\(random)")
            let results = Set((graph.outputs + graph.updates).map(\.value)).filter { graph.work($0) != nil }
            #expect(results.subtracting(made) == [], "\(place): results that no stage makes, of\n\(random)")
        }
    }

    @Test("has groups of batch tiles one behind the other, of stages that divide")
    func groups() {
        Self.forEach { place, random, graph, schedule in
            var end = 0
            for group in schedule.groups {
                #expect(group.stages.lowerBound >= end && group.stages.count > 1 && group.count > 1, "\(place)")
                end = group.stages.upperBound
                for stage in schedule.stages[group.stages] {
                    for value in stage.all {
                        let extent = graph.fusedShape(value).dimensions.first { $0 != 1 } ?? 1
                        #expect(extent % group.count == 0, "\(place): value \(value) of\n\(random)")
                    }
                }
            }
            #expect(end <= schedule.stages.count)
        }
    }

    @Test("has the program's values where what is not kept is rematerialized")
    func recomputation() {
        var recomputed = 0
        Self.forEach { place, random, graph, schedule in
            for case .fused(_, let rematerialized) in schedule.stages { recomputed += rematerialized.count }
            let inputs = random.arguments.map(\.doubles), plan = MemoryPlan(graph, schedule)
            let found = ScheduleInterpreter.results(graph, schedule, stored: plan.stored, inputs)
            for (index, (found, expected)) in zip(found, random.program.evaluate(inputs)).enumerated() {
                let difference = relativeDifference(found, expected)
                #expect(
                    difference < PrimitiveTests.doublePrecision,
                    "\(place): result \(index) by \(difference) of\n\(random)")
            }
        }
        if Seeds.areMany { #expect(recomputed > 0) }
    }

    @Test("rematerializes what is cheap only, from what is in memory, and leaves no stage without a result")
    func whatIsComputedAgain() {
        Self.forEach { place, random, graph, schedule in
            let stored = MemoryPlan(graph, schedule).stored
            for case .fused(let values, let rematerialized) in schedule.stages {
                #expect(values.contains(where: stored.contains), "\(place): a stage that leaves nothing, of\n\(random)")
                #expect(Set(values).isDisjoint(with: rematerialized), "\(place)")
                for value in rematerialized {
                    #expect(graph.work(value)!.isElementwise, "\(place): value \(value) of\n\(random)")
                }
            }
        }
    }
}
