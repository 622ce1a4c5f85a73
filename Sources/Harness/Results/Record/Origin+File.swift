import Specification
import Storage
import Study

extension Origin {
    /// Writes it into a group of a record.
    func write(to group: HDF5Group) throws {
        try group.setAttribute("files", files.map(\.path))
        try group.setAttribute("changes", changes)
        if let commit {
            try group.setAttribute("commit", commit.name)
            try group.setAttribute("tree", commit.tree.rawValue)
        }
        if let executable { try group.setAttribute("executable", executable.hex) }
        try group.write("texts", files.map(\.text), shape: [files.count])
    }

    /// Reads it back.
    init(_ group: HDF5GroupReader) throws {
        self.init()
        let names = try group.attributeNames()
        let texts = try group.read("texts", as: String.self).values
        if case .strings(let paths) = try group.attribute("files") {
            files = zip(paths, texts).map { File(path: $0, text: $1) }
        }
        if case .strings(let changes) = try group.attribute("changes") { self.changes = changes }
        if names.contains("commit"), let tree = Commit.Tree(rawValue: try group.string("tree")) {
            commit = Commit(name: try group.string("commit"), tree: tree)
        }
        if names.contains("executable") { executable = Identity(hex: try group.string("executable")) }
    }
}
