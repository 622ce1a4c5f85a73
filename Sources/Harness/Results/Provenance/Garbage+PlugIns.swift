import Foundation
import Storage

extension ResultsFolder {
    /// The folders of programs that nobody holds: their workers were killed. Where the file system keeps no locks none is found.
    func abandonedPlugIns() -> [Garbage] {
        guard FileKind(cache) == .folder, FileKind(plugIns) == .folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: plugIns)) ?? []
        return names.filter(OwnName.isOfPlugIns).map { "\(plugIns)/\($0)" }
            .filter { FolderHold(ofIdle: $0) != nil }.map(Garbage.init(plugIns:))
    }

    /// Removes such a folder, unless somebody holds it by now.
    /// - Throws: `FileError`.
    func removeAbandoned(_ path: String) throws {
        precondition(path.hasPrefix(plugIns + "/"), "\(path) is not in \(plugIns)")
        guard let hold = FolderHold(ofIdle: path) else { return }
        defer { withExtendedLifetime(hold) {} }
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw FileError(path: path, attempt: "remove the folder", reason: systemText(of: error))
        }
    }
}
