import CKernels
import Glibc
import Synchronization

/// The threads that carry out lanes of passes side by side: none begins a pass before all have ended the one before.
///
/// The first lane is the caller's. Within a run the others wait spinning, as a pass takes micro- to milliseconds; between
/// runs they sleep. Nothing is allocated or locked in a run.
final class Crew {
    private let lanes: [Lane]
    private let progress: UnsafeMutablePointer<Atomic<Int>>
    private var threads: [pthread_t] = []

    init(_ passes: [[Pass]]) {
        let count = passes.count * Lane.stride
        progress = .allocate(capacity: count)
        for index in 0..<count { (progress + index).initialize(to: Atomic(0)) }
        lanes = passes.indices.map { [progress] in Lane($0, of: passes, progress) }
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
    private let passes: [Pass]
    /// Passes that each lane has ended, over all runs.
    private let progress: UnsafeMutablePointer<Atomic<Int>>
    private let begin: UnsafeMutablePointer<sem_t>
    private let isOver = Atomic(false)
    private var done = 0

    init(_ index: Int, of lanes: [[Pass]], _ progress: UnsafeMutablePointer<Atomic<Int>>) {
        (self.index, count, self.progress) = (index, lanes.count, progress)
        passes = lanes[index]
        begin = .allocate(capacity: 1)
        sem_init(begin, 0, 0)
    }

    deinit {
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
        for pass in passes {
            pass.run()
            done += 1
            progress[index * Self.stride].store(done, ordering: .releasing)
            for other in 0..<count where other != index { wait(for: other, toEnd: done) }
        }
        self.done = done
    }

    @inline(__always)
    private func wait(for other: Int, toEnd pass: Int) {
        var patience = Self.patience
        while progress[other * Self.stride].load(ordering: .acquiring) < pass {
            if patience > 0 {
                patience -= 1
                ablate_pause()
            } else {
                sched_yield()
            }
        }
    }
}
