import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

/// Plans whose shared work and runs stand in every state, and endings of every kind, drawn by seed.
@Suite("A queue of work") struct WorkQueueTests {
    let folder = TemporaryFolder()
    private static let seeds = 0..<40

    private var results: ResultsFolder { ResultsFolder(folder.path) }

    /// Some teachers, arms and seeds; some of it done, some failed before.
    private func plan(_ random: inout SeededGenerator) throws -> Plan {
        let teachers = (0..<(1 + random.below(3))).map { 40 + 20 * $0 }, seeds = Array(0..<(1 + random.below(4)))
        let yaml = (random.below(2) == 0 ? TinyStudy.planar : TinyStudy.digits)
            .changing("axes:\n", to: "axes:\n  teacher: {path: teacher.optimization.steps, values: \(teachers)}\n")
            .changing("seed: [0, 1]", to: "seed: \(seeds)")
        return Plan(try Study(yaml: yaml, file: "study.yaml"), results: results).replacing { item in
            let status: StageStatus =
                switch random.below(8) {
                case 0: .done
                case 1: .failed("an earlier time")
                default: .pending
                }
            return Plan.Item(stage: item.stage, identity: item.identity, status: status)
        }
    }

    private static let endings: [StageResult] = [
        .done, .done, .done, .diverged("loss is nan at step 3"), .failed("out of memory"), .obstructed("disk full"),
        .stopped,
    ]

    @Test("hands out each piece once, and none before what it needs is there", arguments: seeds)
    func once(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let plan = try plan(&random), jobs = 1 + random.below(4)
        let formerFailures: Runner.FormerFailures = random.below(2) == 0 ? .left : .triedAgain
        var queue = StageQueue(plan, formerFailures)
        var there = Set(plan.items.filter { $0.status == .done }.map(\.identity))
        var gone = Set(queue.endedBefore.map(\.0.identity)), handed: [Identity] = []
        var running: [(stage: Stage, identity: Identity, verdict: StageResult?)] = []
        func isGone(_ stage: Stage) -> Bool { gone.contains(stage.identity) }
        while true {
            while running.count < jobs, let (stage, identity, verdict) = queue.next(in: results) {
                handed.append(identity)
                let needs = stage.needs.filter { need in plan.items.contains { $0.identity == need.identity } }
                if verdict == nil {
                    #expect(needs.allSatisfy { there.contains($0.identity) }, "\(stage.title) before what it needs")
                } else {
                    #expect(needs.contains(where: isGone), "\(stage.title) is given up though all it needs is there")
                }
                running.append((stage, identity, verdict))
            }
            guard !running.isEmpty else { break }
            let (stage, identity, verdict) = running.remove(at: random.below(running.count))
            let stageResult = verdict ?? Self.endings[random.below(Self.endings.count)]
            queue.settle(stage, identity, stageResult)
            switch stageResult {
            case .done: there.insert(identity)
            case .diverged:
                // A run leaves a record of it, and whatever needs another stage gets its cause.
                if case .run = stage { there.insert(identity) } else { gone.insert(identity) }
            case .failed, .obstructed, .stopped: gone.insert(identity)
            }
        }
        let open = plan.pending + (formerFailures == .triedAgain ? plan.failed : [])
        #expect(handed.count == Set(handed).count, "something is handed out twice")
        #expect(Set(handed) == Set(open.map(\.identity)))
        #expect(
            Set(queue.endedBefore.map(\.0.identity)) == Set(formerFailures == .left ? plan.failed.map(\.identity) : []))
    }

    @Test("gives up what needs a piece that ended badly, and says how it ended")
    func verdicts() throws {
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml")
        let endings: [(StageResult, (String) -> StageResult)] = [
            (.failed("no room"), { .failed("\($0) failed: no room") }),
            (.obstructed("disk full"), { .obstructed("\($0) was not done: disk full") }),
            (.stopped, { _ in .stopped }),
        ]
        for (stageResult, expected) in endings {
            var queue = StageQueue(Plan(study, results: results), .left)
            let first = queue.next(in: results), second = queue.next(in: results)
            let (teacher, identity, verdict) = try #require(first)
            #expect(teacher.kind == "teacher" && verdict == nil)
            #expect(second == nil, "all else needs the teacher")
            queue.settle(teacher, identity, stageResult)
            while let (stage, identity, verdict) = queue.next(in: results) {
                let needed = try #require(stage.needs.first)
                #expect(verdict == expected(needed.title))
                queue.settle(stage, identity, try #require(verdict))
            }
        }
    }

    @Test("hands out last what another process is at")
    func busy() throws {
        let plan = Plan(try Study(yaml: TinyStudy.planar, file: "study.yaml"), results: results).replacing {
            Plan.Item(stage: $0.stage, identity: $0.identity, status: $0.stage.kind == "run" ? .pending : .done)
        }
        let longest = try #require(plan.pending.first)
        let lock = try StageLock.acquire(results.lock(longest.identity)) { _ in }
        var queue = StageQueue(plan, .left), handed: [Identity] = []
        withExtendedLifetime(lock) {
            while let (_, identity, verdict) = queue.next(in: results) {
                #expect(verdict == nil)
                handed.append(identity)
            }
        }
        #expect(handed.count == plan.pending.count && handed.last == longest.identity)
    }
}

@Suite("The list of a study's work") struct WorkListTests {
    let folder = TemporaryFolder()

    private func plan(_ yaml: String = TinyStudy.digits) throws -> Plan {
        Plan(try Study(yaml: yaml, file: "study.yaml"), results: ResultsFolder(folder.path))
    }

    @Test("has each piece once, with a product of its own, and what is needed before what needs it")
    func order() throws {
        let plan = try plan(), items = StageList(plan).items
        #expect(items.map(\.identity) == plan.items.map(\.identity))
        #expect(Set(items.map(\.identity)).count == items.count && Set(items.map(\.product)).count == items.count)
        var before: Set<Identity> = []
        for item in plan.items {
            #expect(item.stage.needs.allSatisfy { before.contains($0.identity) }, "\(item.stage.title)")
            before.insert(item.identity)
        }
        let own = ["training", "run"].flatMap { Array(repeating: $0, count: 4) }
        #expect(items.map(\.kind) == ["teacher", "classifier", "reference"] + own)
    }

    @Test("is read from the manifest that holds it, and refused where there is none")
    func roundTrip() throws {
        let plan = try plan(), list = StageList(plan)
        let path = folder.file("study.json")
        let missing = #expect(throws: InputError.self) { try StageList(of: folder.path) }
        #expect("\(missing!)" == "\(path): cannot read the list of work: No such file or directory")
        try StudyManifest(study: "tiny", question: "?", claims: [], points: [], stages: list.items).write(
            to: folder.path)
        #expect(try StageList(of: folder.path).items == list.items)
    }

    @Test("tells what waits, runs, has failed and is done")
    func states() throws {
        let plan = try plan(TinyStudy.planar), list = StageList(plan), results = plan.results
        #expect(list.states(in: results).allSatisfy { $0 == .waiting })
        let (first, second, third) = (plan.items[0], plan.items[1], plan.items[2])
        for item in [first, second, third] { try ResultsFolder.create(parentFolder(of: results.product(item.stage))) }
        let lock = try StageLock.acquire(results.lock(first.identity)) { _ in }
        try JournalWriter(results.journal(second.stage), of: second.identity) { _, _ in }.fail("no room")
        let journal = try JournalWriter(results.journal(third.stage), of: third.identity) { _, _ in }
        try journal.seal(third.identity)
        withExtendedLifetime(lock) {
            let states = list.states(in: results)
            guard case .running(nil, _) = states[0] else {
                Issue.record("\(states[0])")
                return
            }
            #expect(states[1] == .failed("no room"))
            #expect(states[2] == .waiting, "sealed, but its product is not there")
        }
        try AtomicFile.write(Array("product".utf8), to: results.product(third.stage))
        #expect(list.states(in: results)[2] == .done)
        #expect(list.secondsLeft(list.states(in: results), at: Date()) == nil, "nothing runs that has said its pace")
    }
}
