import Specification

/// Some of a study's runs: those with certain values on certain axes, as `--only distribution=uniform` names them.
package struct RunChoice: Sendable {
    private let axis: String
    private let labels: [String]
    private let text: String

    /// - Parameter text: `axis=value` or `axis=value,value`.
    /// - Throws: `SpecError` where it is neither.
    package init(_ text: String) throws(SpecError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let labels = parts.count == 2 ? parts[1].split(separator: ",", omittingEmptySubsequences: false) : []
        guard !labels.isEmpty, !parts[0].isEmpty, labels.allSatisfy({ !$0.isEmpty }) else {
            throw SpecError(.choice(text), "no choice of runs", found: text, allowed: "axis=value or axis=value,value")
        }
        (axis, self.labels, self.text) = (String(parts[0]), labels.map(String.init), text)
    }

    /// The runs that have one of the values on the axis.
    /// - Throws: `SpecError` for an axis or a value that no run has.
    func chosen(of runs: [Run]) throws(SpecError) -> [Run] {
        let axes = runs.axes
        guard axes.contains(axis) else {
            throw SpecError(.choice(text), "unknown axis '\(axis)'", name: axis, among: axes)
        }
        var known: [String] = [], seen: Set<String> = []
        for label in runs.compactMap({ $0[axis] }) where seen.insert(label).inserted { known.append(label) }
        for label in labels where !runs.contains(where: { $0.has(label, on: axis) }) {
            throw SpecError(
                .choice(text), "no run has the value '\(label)' on axis '\(axis)'", name: label, among: known)
        }
        return runs.filter { run in labels.contains { run.has($0, on: axis) } }
    }
}

/// Repetitions by their seeds, as `--seeds 0..4` names them: the setting of the axis `seed` that replaces the
/// study's.
package struct SeedRange: Sendable {
    let setting: String

    /// A sweep of more repetitions than this is a slip of the hand.
    private static let most = 100_000

    /// - Parameter text: `0..4`, both ends included, or `0,2,5`, or one number.
    /// - Throws: `SpecError` where it is none of these.
    package init(_ text: String) throws(SpecError) {
        guard let seeds = Self.seeds(text) else {
            throw SpecError(
                .seeds(text), "no range of seeds", found: text, allowed: "first..last, or numbers with commas between")
        }
        setting = "axes.\(Study.seedAxis)=[\(seeds.map(String.init).joined(separator: ", "))]"
    }

    private static func seeds(_ text: String) -> [Int]? {
        let ends = text.components(separatedBy: "..")
        if ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0, last >= first,
            last - first < most
        {
            return Array(first...last)
        }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        return numbers.allSatisfy { $0.map { $0 >= 0 } ?? false } ? numbers.compactMap { $0 } : nil
    }
}
