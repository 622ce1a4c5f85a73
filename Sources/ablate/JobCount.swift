import ArgumentParser

/// How many pieces of work are done at a time.
enum JobCount {
    /// Each is a process: more than a machine may have at all.
    private static let most = 4096

    /// - Throws: `ValidationError` for a number that makes no sense.
    static func check(_ jobs: Int?) throws {
        guard let jobs, !(1...most).contains(jobs) else { return }
        throw ValidationError("--jobs is \(jobs < 1 ? "at least 1" : "at most \(most)"), not \(jobs)")
    }
}
