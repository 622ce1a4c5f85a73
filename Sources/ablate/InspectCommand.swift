import ArgumentParser
import Foundation
import Results

/// A process that reads records which nobody vouches for before others do, under limits of its own: a crafted one ends it alone.
struct InspectCommand: ParsableCommand {
    static let name = "inspect"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Read foreign records (started by other commands).", shouldDisplay: false)

    func run() throws {
        lower(RLIMIT_CORE, to: 0)
        lower(RLIMIT_DATA, to: rlim_t(RecordInspection.mostBytes))
        RecordInspection.serve()
    }

    private func lower(_ resource: __rlimit_resource, to most: rlim_t) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_cur, most)
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
