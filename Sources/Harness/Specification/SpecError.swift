import Foundation

/// One thing wrong with a spec: the place, what was found, what is allowed.
///
/// Its text is stable, one line for the problem and one indented line for each fact known about it:
/// ```
/// study.yaml:12:7: unknown key 'augmentaton' in base.student.data
///   allowed: augmentation, set
///   did you mean 'augmentation'?
/// ```
public struct SpecIssue: Equatable, Sendable, CustomStringConvertible {
    public var mark: SpecMark
    /// What is wrong, naming the key path.
    public var problem: String
    /// What stands there.
    public var found: String?
    /// What may stand there.
    public var allowed: String?
    /// The allowed name nearest to what was found, when one is near.
    public var nearest: String?
    /// Further facts, each a line of its own.
    public var notes: [String]

    public init(
        _ mark: SpecMark, _ problem: String, found: String? = nil, allowed: String? = nil, nearest: String? = nil,
        notes: [String] = []
    ) {
        self.mark = mark
        self.problem = problem
        self.found = found
        self.allowed = allowed
        self.nearest = nearest
        self.notes = notes
    }

    public var description: String {
        var lines = ["\(mark): \(problem)"]
        if let found { lines.append("  found: \(found)") }
        if let allowed { lines.append("  allowed: \(allowed)") }
        if let nearest { lines.append("  did you mean '\(nearest)'?") }
        return (lines + notes.map { "  \($0)" }).joined(separator: "\n")
    }
}

/// A spec that cannot be used, with every issue found before reading stopped (at least one).
public struct SpecError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
    public var issues: [SpecIssue]
    /// Whether a file that the spec names cannot be read, rather than what is written in it being wrong.
    public var isMissingInput = false

    public init(_ issues: [SpecIssue]) {
        precondition(!issues.isEmpty, "SpecError: a spec without issues is no error")
        self.issues = issues
    }

    /// An error of one issue.
    public init(
        _ mark: SpecMark, _ problem: String, found: String? = nil, allowed: String? = nil, nearest: String? = nil,
        notes: [String] = []
    ) {
        issues = [SpecIssue(mark, problem, found: found, allowed: allowed, nearest: nearest, notes: notes)]
    }

    /// An error about a name which is none of the allowed ones.
    package init(_ mark: SpecMark, _ problem: String, name: String, among allowed: [String]) {
        let list = allowed.isEmpty ? "none" : allowed.joined(separator: ", ")
        self.init(mark, problem, allowed: list, nearest: nearestName(to: name, among: allowed))
    }

    /// The same error with one more line under each issue.
    package func noting(_ note: String) -> SpecError {
        var error = self
        error.issues = issues.map { issue in
            var issue = issue
            issue.notes.append(note)
            return issue
        }
        return error
    }

    public var description: String { issues.map(\.description).joined(separator: "\n") }

    public var errorDescription: String? { description }
}
