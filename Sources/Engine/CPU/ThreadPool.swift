import CKernels
import Glibc
import Synchronization

/// The threads that carry out their parts of a program's passes side by side; none begins a pass before all have ended the one
/// before.
///
/// The first of them is the caller's own. Within a run the others wait spinning, as a pass takes micro- to milliseconds; between
/// runs they sleep. Nothing is allocated or locked in a run.
final class ThreadPool {
    private let workers: [Worker]
    private let progress: UnsafeMutablePointer<Atomic<Int>>
    private var threads: [pthread_t] = []

    init(_ passes: [[Pass]]) {
        let count = passes.count * Worker.stride
        progress = .allocate(capacity: count)
        for index in 0..<count { (progress + index).initialize(to: Atomic(0)) }
        workers = passes.indices.map { [progress] in Worker($0, of: passes, progress) }
        for worker in workers.dropFirst() {
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { context in
                    Unmanaged<Worker>.fromOpaque(context!).takeRetainedValue().serve()
                    return nil
                }, Unmanaged.passRetained(worker).toOpaque())
            precondition(status == 0, "the system gives no thread: error \(status)")
            threads.append(thread)
        }
    }

    deinit {
        for worker in workers.dropFirst() { worker.end() }
        for thread in threads { pthread_join(thread, nil) }
        progress.deallocate()
    }

    /// Runs every thread's part once.
    func run() {
        for worker in workers.dropFirst() { worker.wake() }
        workers[0].run()
    }
}

/// One thread's part of a program.
private final class Worker: @unchecked Sendable {
    /// Counters that different threads write lie in cache lines, and pairs of lines, of their own.
    static let stride = 16
    /// Number of times that a thread polls another's progress before it yields the processor, about 20 microseconds.
    private static let patience = 500

    private let index, count: Int
    private let passes: [Pass]
    /// Passes that each thread has ended, over all runs.
    private let progress: UnsafeMutablePointer<Atomic<Int>>
    private let begin: UnsafeMutablePointer<sem_t>
    private let isOver = Atomic(false)
    private var done = 0

    init(_ index: Int, of passesOfThreads: [[Pass]], _ progress: UnsafeMutablePointer<Atomic<Int>>) {
        (self.index, count, self.progress) = (index, passesOfThreads.count, progress)
        passes = passesOfThreads[index]
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

    /// A thread's loop: one run each time it is woken.
    func serve() {
        while true {
            while sem_wait(begin) != 0 {}
            if isOver.load(ordering: .acquiring) { return }
            run()
        }
    }

    func run() {
        OneDNN.useOneThreadHere()
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
