import Foundation

/// One error in a specification: the place, the value found, the values allowed.
///
/// Its text is stable, one line for the problem and one indented line for each further fact:
/// ```
/// study.yaml:12:7: unknown key 'augmentaton' in base.student.data
///   allowed: augmentation, set
///   did you mean 'augmentation'?
/// ```
public struct SpecIssue: Equatable, Sendable, CustomStringConvertible {
    /// The place.
    public var mark: SpecMark
    /// The problem, with the key path.
    public var problem: String
    /// The value found.
    public var found: String?
    /// The values allowed.
    public var allowed: String?
    /// The allowed name nearest to the one found, when one is near.
    public var nearest: String?
    /// Further facts, each a line of its own.
    public var notes: [String]

    /// An error at a place.
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

    /// The lines of the error.
    public var description: String {
        var lines = ["\(mark): \(problem)"]
        if let found { lines.append("  found: \(found)") }
        if let allowed { lines.append("  allowed: \(allowed)") }
        if let nearest { lines.append("  did you mean '\(nearest)'?") }
        return (lines + notes.map { "  \($0)" }).joined(separator: "\n")
    }
}

/// The error of an invalid specification, with every issue found before reading stopped (at least one).
public struct SpecError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
    /// The issues.
    public var issues: [SpecIssue]
    /// Whether a file that the spec names cannot be read, rather than what is written in it being wrong.
    public var isMissingInput = false

    /// An error of at least one issue.
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

    /// The lines of all issues.
    public var description: String { issues.map(\.description).joined(separator: "\n") }

    /// The same text, for Foundation.
    public var errorDescription: String? { description }
}
