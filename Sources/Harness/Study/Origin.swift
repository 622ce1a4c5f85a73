import Specification

/// How a run was asked for: the study as it was written, and what the command line changed. It decides nothing.
public struct Origin: Codable, Hashable, Sendable {
    /// The study's file, and behind it those that it extends, as they were read.
    public var files: [File]
    /// What the command line changed, as it was typed: "--set base.seed=1", "--only distribution=uniform", "--seeds 0..4".
    public var changes: [String]
    /// What git says of the folder that the study lies in; nil outside a repository, and where there is no git.
    public var commit: Commit?
    /// The hash of the program's file. Two builds of one source differ in it, so it is no part of an identity.
    public var executable: Identity?

    package init(
        files: [File] = [], changes: [String] = [], commit: Commit? = nil, executable: Identity? = nil
    ) {
        (self.files, self.changes, self.commit, self.executable) = (files, changes, commit, executable)
    }

    public struct File: Codable, Hashable, Sendable {
        public let path, text: String

        package init(path: String, text: String) {
            (self.path, self.text) = (path, text)
        }
    }

    /// A commit of git, and whether what was read is what it holds.
    public struct Commit: Codable, Hashable, Sendable {
        /// The commit's name, 40 hexadecimal digits or more.
        public let name: String
        public let tree: Tree

        package init(name: String, tree: Tree) {
            (self.name, self.tree) = (name, tree)
        }

        public enum Tree: String, Codable, Hashable, Sendable {
            /// No file that git knows is changed, and the study's files are among those it knows.
            case clean
            case changed
        }
    }
}

extension Origin {
    /// Comments of YAML that say what a resolved study was put together from: its file, what that extends, and what the command
    /// line changed.
    package var heading: String {
        var lines: [String] = []
        if let file = files.first { lines.append("The study as it ran, from \(file.path)") }
        lines += files.dropFirst().map { "over what it extends: \($0.path)" }
        lines += changes.map { "with what the command line changed: \($0)" }
        return lines.map { "# \($0.onOneLine)\n" }.joined()
    }
}
