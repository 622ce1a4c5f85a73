import Foundation
import Storage

/// Something in a results folder that no study asks for any more. Nothing of it is ever removed but on demand.
package struct Garbage: Sendable {
    /// A file, or a run's whole folder.
    package let path: String
    package let bytes: Int
    package let reason: Reason

    package enum Reason: Sendable {
        /// The study that the folder is of has no run of this name.
        case unnamedRun
        /// It gave way to what was made anew: of another specification or version, or damaged.
        case setAside
        /// A writer was killed before it was whole.
        case unfinished
    }
}

extension ResultsFolder {
    /// What could go, in the order of paths, and the studies of which that cannot be said, since they have no list of their runs.
    /// - Throws: `InputError` where there is no such folder.
    package func garbage() throws -> (garbage: [Garbage], unlisted: [String]) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path).sorted() else {
            throw InputError(path: path, attempt: "list the results", reason: "No such folder")
        }
        var garbage: [Garbage] = [], unlisted: [String] = []
        for study in names where study != Self.cacheName && Self.isFolder("\(path)/\(study)") {
            guard let points = namedPoints(of: study) else {
                if !recordPoints(of: study).isEmpty { unlisted.append(study) }
                continue
            }
            garbage += recordPoints(of: study).filter { !points.contains($0) }.map {
                let folder = "\(self.study(study))/\($0)"
                return Garbage(path: folder, bytes: Self.bytes(of: folder), reason: .unnamedRun)
            }
        }
        let unnamed = garbage.map { $0.path + "/" }
        garbage += leftovers().filter { file in !unnamed.contains { file.path.hasPrefix($0) } }
        return (garbage.sorted { $0.path < $1.path }, unlisted)
    }

    /// Files set aside, and what killed writers left.
    private func leftovers() -> [Garbage] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.compactMap { name in
            let file = (name as NSString).lastPathComponent
            let reason: Garbage.Reason? =
                file.contains(".aside-") ? .setAside : file.hasSuffix(".tmp") ? .unfinished : nil
            return reason.map { Garbage(path: "\(path)/\(name)", bytes: Self.bytes(of: "\(path)/\(name)"), reason: $0) }
        }
    }

    /// The folders of a study that hold a record.
    private func recordPoints(of study: String) -> [String] {
        let folder = self.study(study)
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)/run.h5")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Removes files and folders of these results.
    /// - Throws: `FileError` at the first that cannot be removed.
    package func remove(_ paths: [String]) throws {
        for path in paths {
            precondition(path.hasPrefix(self.path + "/"), "\(path) is not in \(self.path)")
            do { try FileManager.default.removeItem(atPath: path) } catch {
                throw FileError(path: path, attempt: "remove the file", reason: systemText(of: error))
            }
        }
    }
}
