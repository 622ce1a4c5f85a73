import Foundation

/// Time as it passes, for all but stamps: the clock on the wall may be put back or on while work goes on.
enum MonotonicTime {
    /// Seconds since some moment before this machine's start, without those that it slept.
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
