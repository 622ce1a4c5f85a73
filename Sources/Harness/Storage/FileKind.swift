import Foundation

/// The kind of the entry at a path itself: a symbolic link is a link, wherever it leads.
package enum FileKind {
    case file, folder, link
    /// A device, a socket, a pipe.
    case other

    /// Nil where nothing is at the path, or the system does not report its kind.
    package init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
    }

    /// The plain files in a folder and in its folders, as paths from it, in their order; links are not followed.
    package static func files(below folder: String) -> [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        return names.flatMap { name -> [String] in
            switch FileKind("\(folder)/\(name)") {
            case .file: [name]
            case .folder: files(below: "\(folder)/\(name)").map { "\(name)/\($0)" }
            case .link, .other, nil: []
            }
        }
    }
}
