import Specification

/// The request for a run: the study as it was written, and the changes of the command line. It decides nothing.
public struct Origin: Codable, Hashable, Sendable {
    /// The study's file, and behind it those that it extends, as they were read.
    public var files: [File]
    /// The changes of the command line, as typed: "--set base.seed=1", "--only distribution=uniform", "--seeds 0..4".
    public var changes: [String]
    /// The commit of the study's folder by git; nil outside a repository, and where there is no git.
    public var commit: Commit?
    /// The hash of the program's file. Two builds of one source differ in it, so it is no part of an identity.
    public var executable: Identity?

    package init(
        files: [File] = [], changes: [String] = [], commit: Commit? = nil, executable: Identity? = nil
    ) {
        (self.files, self.changes, self.commit, self.executable) = (files, changes, commit, executable)
    }

    /// A file with its text.
    public struct File: Codable, Hashable, Sendable {
        public let path, text: String

        package init(path: String, text: String) {
            (self.path, self.text) = (path, text)
        }
    }

    /// A commit of git, and the state of the working tree.
    public struct Commit: Codable, Hashable, Sendable {
        /// The commit's name, 40 hexadecimal digits or more.
        public let name: String
        /// The state of the working tree.
        public let tree: Tree

        package init(name: String, tree: Tree) {
            (self.name, self.tree) = (name, tree)
        }

        /// The states of a working tree.
        public enum Tree: String, Codable, Hashable, Sendable {
            /// No file that git tracks is changed, and the study's files are tracked.
            case clean
            case changed
        }
    }
}

extension Origin {
    /// Comments of YAML with the sources of a resolved study: its file, the files that it extends, and the changes of the
    /// command line.
    package var heading: String {
        var lines: [String] = []
        if let file = files.first { lines.append("The study as it ran, from \(file.path)") }
        lines += files.dropFirst().map { "over what it extends: \($0.path)" }
        lines += changes.map { "with what the command line changed: \($0)" }
        return lines.map { "# \($0.onOneLine)\n" }.joined()
    }
}
