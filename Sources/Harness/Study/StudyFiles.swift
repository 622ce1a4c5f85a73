import Foundation
import Storage

/// Study files as a user names them: each by itself, or the folder that contains them.
package enum StudyFiles {
    private static let suffixes = [".yaml", ".yml"]

    /// The files that paths name: for a folder its YAML files, by their names; every file once.
    /// - Throws: `InputError` for a path that does not exist, and for a folder without a study.
    package static func at(_ paths: [String]) throws -> [String] {
        var files: [String] = []
        for file in try paths.flatMap({ try Self.files(at: $0) }) where !files.contains(file) { files.append(file) }
        return files
    }

    private static func files(at path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw InputError(path: path, attempt: "read the study", reason: "No such file or directory")
        }
        guard isFolder.boolValue else { return [path] }
        let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw InputError(path: path, attempt: "list the studies", reason: systemText(of: error))
        }
        let studies = names.sorted().filter { name in suffixes.contains { name.hasSuffix($0) } }
        guard !studies.isEmpty else {
            throw InputError(path: path, attempt: "list the studies", reason: "no YAML file is in it")
        }
        return studies.map { "\(folder)/\($0)" }
    }
}
