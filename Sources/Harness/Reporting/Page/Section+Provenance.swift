import FlowMaps
import Results
import Specification
import Study

extension Page.Section {
    /// The study as it was written, and each run with all of its numbers.
    var specification: HTML {
        let written: HTML =
            results.text.map { text -> HTML in
                "<details><summary>The study as it was written</summary><pre>\(text)</pre></details>"
            } ?? ""
        // The two are the same but for comments where a study extends none and nothing was changed.
        let resolved: HTML =
            results.resolved.map { text -> HTML in
                "<details><summary>The study as it ran, with what it extends and what was changed</summary><pre>\(text)</pre></details>"
            } ?? ""
        guard let first = results.records.first, let base = try? CanonicalEncoder().encode(first.run.specification)
        else {
            return "\(written)\(resolved)"
        }
        let others = results.records.dropFirst().map { record -> HTML in
            let own = try? CanonicalEncoder().encode(record.run.specification)
            let changes = (own?.differences(from: base) ?? []).map(\.description).joined(separator: "\n")
            return "<h3>\(record.run.point)</h3><pre>\(changes)</pre>"
        }
        return """
            <h2>Specification</h2>
            \(written)
            \(resolved)
            <details><summary>Every number of \(first.run.point)</summary><pre>\(base.yaml())</pre></details>
            <details><summary>What the other runs change of it</summary>\(others)</details>
            """
    }

    /// The machines, times and programs that made the records.
    var provenance: HTML {
        """
        <h2>Provenance</h2>
        \(facts.html(caption: "Of all records; where they differ, each value"))
        <details><summary>Runs</summary>\(runs.html(caption: "Each record by its identity"))</details>
        """
    }

    /// Facts that are a run's own are in the table of runs.
    private static let ownFacts = ["started", "ended"]

    private var facts: Table {
        var table = Table(columns: [.init("fact", alignment: .left), .init("value", alignment: .left)])
        var names: [String] = []
        for fact in results.records.flatMap(\.provenance.facts)
        where !names.contains(fact.name) && !Self.ownFacts.contains(fact.name) { names.append(fact.name) }
        for name in names {
            var values: [String] = []
            for fact in results.records.flatMap(\.provenance.facts) where fact.name == name {
                if !values.contains(fact.value) { values.append(fact.value) }
            }
            table.append([.text(name), .text(values.joined(separator: "; "))])
        }
        for (name, value) in origins { table.append([.text(name), .text(value)]) }
        return table
    }

    /// The origins of the runs: commit, program, changes of the command line.
    private var origins: [(name: String, value: String)] {
        let origins = results.records.compactMap(\.run.origin)
        func values(_ name: String, _ value: (Origin) -> String?) -> (name: String, value: String)? {
            var found: [String] = []
            for value in origins.compactMap(value) where !value.isEmpty && !found.contains(value) {
                found.append(value)
            }
            return found.isEmpty ? nil : (name, found.joined(separator: "; "))
        }
        return [
            values("commit") { origin in origin.commit.map { "\($0.name), \($0.tree.rawValue)" } },
            values("program") { $0.executable?.short },
            values("command line") { $0.changes.joined(separator: " ") },
        ].compactMap { $0 }
    }

    private var runs: Table {
        var table = Table(columns: [
            .init("run", alignment: .left), .init("identity", alignment: .left), .init("outcome", alignment: .left),
            .init("started", alignment: .left), .init("training", unit: "s"), .init("all", unit: "s"),
            .init("processor", unit: "s"), .init("memory", unit: "MiB"),
        ])
        for record in results.records {
            let started = record.provenance.facts.first { $0.name == "started" }?.value
            table.append([
                .text(record.run.point), .text(record.identity.short), .text(record.outcome.words),
                started.map { .text($0) } ?? .missing, .number(record.provenance.trainingSeconds),
                .number(record.provenance.wallSeconds), .number(record.provenance.processorSeconds),
                .number(record.provenance.peakMemory),
            ])
        }
        return table
    }
}

extension Record.Outcome {
    /// "done", or "diverged at step 7: loss is nan".
    var words: String {
        switch self {
        case .done: "done"
        case .diverged(let step, let cause): "diverged at step \(step): \(cause)"
        }
    }
}
