import CKernels
import Glibc
import Synchronization

/// The threads that carry out lanes of instructions side by side: none begins an instruction before all have ended the one before.
///
/// The first lane is the caller's. Within a run the others wait spinning, as an instruction takes micro- to milliseconds; between
/// runs they sleep. Nothing is allocated or locked in a run.
final class Crew {
    private let lanes: [Lane]
    private let progress: UnsafeMutablePointer<Atomic<Int>>
    private var threads: [pthread_t] = []

    init(_ instructions: [[Instruction]]) {
        let count = instructions.count * Lane.stride
        progress = .allocate(capacity: count)
        for index in 0..<count { (progress + index).initialize(to: Atomic(0)) }
        lanes = instructions.indices.map { [progress] in Lane($0, of: instructions, progress) }
        for lane in lanes.dropFirst() {
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { context in
                    Unmanaged<Lane>.fromOpaque(context!).takeRetainedValue().serve()
                    return nil
                }, Unmanaged.passRetained(lane).toOpaque())
            precondition(status == 0, "the system gives no thread: error \(status)")
            threads.append(thread)
        }
    }

    deinit {
        for lane in lanes.dropFirst() { lane.end() }
        for thread in threads { pthread_join(thread, nil) }
        progress.deallocate()
    }

    /// Carries out all lanes once.
    func run() {
        for lane in lanes.dropFirst() { lane.wake() }
        lanes[0].run()
    }
}

/// One thread's part of a program.
private final class Lane: @unchecked Sendable {
    /// Counters that different threads write lie in cache lines, and pairs of lines, of their own.
    static let stride = 16
    /// Looks at another's progress before the processor is offered to others: some 20 microseconds.
    private static let patience = 500

    private let index, count: Int
    private let instructions: UnsafeMutableBufferPointer<Instruction>
    /// Instructions that each lane has ended, over all runs.
    private let progress: UnsafeMutablePointer<Atomic<Int>>
    private let begin: UnsafeMutablePointer<sem_t>
    private let isOver = Atomic(false)
    private var done = 0

    init(_ index: Int, of lanes: [[Instruction]], _ progress: UnsafeMutablePointer<Atomic<Int>>) {
        (self.index, count, self.progress) = (index, lanes.count, progress)
        instructions = .allocate(capacity: lanes[index].count)
        _ = instructions.initialize(fromContentsOf: lanes[index])
        begin = .allocate(capacity: 1)
        sem_init(begin, 0, 0)
    }

    deinit {
        instructions.deallocate()
        sem_destroy(begin)
        begin.deallocate()
    }

    func wake() { sem_post(begin) }

    func end() {
        isOver.store(true, ordering: .releasing)
        wake()
    }

    /// The life of a thread: a run at each waking.
    func serve() {
        while true {
            while sem_wait(begin) != 0 {}
            if isOver.load(ordering: .acquiring) { return }
            run()
        }
    }

    func run() {
        LinearAlgebra.useOneThreadHere()
        var done = done
        for instruction in instructions {
            instruction.run()
            done += 1
            progress[index * Self.stride].store(done, ordering: .releasing)
            for other in 0..<count where other != index { wait(for: other, toEnd: done) }
        }
        self.done = done
    }

    @inline(__always)
    private func wait(for other: Int, toEnd instruction: Int) {
        var patience = Self.patience
        while progress[other * Self.stride].load(ordering: .acquiring) < instruction {
            if patience > 0 {
                patience -= 1
                ablate_pause()
            } else {
                sched_yield()
            }
        }
    }
}
