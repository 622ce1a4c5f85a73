import ArgumentParser
import FlowMaps
import Reporting
import Results
import Study

/// The choice and the order of a table's arms.
struct ArmOptions: ParsableArguments {
    @Option(help: "A score by which arms are sorted, the lowest first.")
    var sort: String?

    @Option(help: "How many arms to show, from the first.")
    var top: Int?

    @Option(name: .customLong("where"), help: "A condition on axes, such as 'alpha > 0.3 and objective = combined'.")
    var condition: String?

    func validate() throws {
        if let top, top < 1 { throw ValidationError("--top is at least 1, not \(top)") }
    }

    var isGiven: Bool { sort != nil || top != nil || condition != nil }

    /// The records that meet the condition.
    func chosen(_ records: [Record]) throws -> [Record] {
        guard let filter = try filter(records) else { return records }
        return records.filter { filter($0) }
    }

    /// The condition, whose axes some of the records have.
    func filter(_ records: [Record]) throws -> RecordFilter? {
        guard let condition else { return nil }
        let filter: RecordFilter
        do { filter = try RecordFilter(condition) } catch {
            Console.say("error: \(error)")
            throw ExitCode(64)
        }
        try Self.check(filter.axes, "axis", among: records.map(\.run).axes)
        return filter
    }

    /// Refuses names that are none of the known ones.
    static func check(_ names: [String], _ kind: String, among known: [String]) throws {
        for name in names where !known.contains(name) {
            Console.say("error: unknown \(kind) '\(name)'\n  allowed: \(known.joined(separator: ", "))")
            throw ExitCode(64)
        }
    }
}
