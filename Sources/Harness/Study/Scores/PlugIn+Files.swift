import FlowMaps
import Foundation
import Specification
import Storage

extension PlugIn {
    /// The same with the content of its files.
    /// - Throws: `InputError` for a file that cannot be read, `Violation` where the study states another content.
    func resolved() throws -> PlugIn {
        let found = try foundContent()
        if let content, content != found {
            let other = found.first { !content.contains($0) }.map { "\($0.name) of hash \($0.hash)" } ?? "fewer files"
            throw Violation(key: "content", found: other, allowed: "the files that the study was made with")
        }
        return PlugIn(
            command: command, files: files, version: version, timeout: timeout, scores: scores, reference: reference,
            formats: formats, folder: folder, content: found)
    }

    /// The place of an argument that names a file.
    private func path(_ argument: String) -> String { argument.hasPrefix("/") ? argument : "\(folder)/\(argument)" }

    /// The files that the command and `files` name, as they are now.
    private func foundContent() throws -> [File] {
        var found: [File] = []
        for name in command + files where !found.contains(where: { $0.name == name }) {
            let path = path(name)
            if !files.contains(name), FileKind(path) == nil || RegularFile.fault(of: path) != nil { continue }
            guard let hash = FileHash.identity(path) else {
                throw InputError(
                    path: path, attempt: "read a file of the program '\(title)'",
                    reason: RegularFile.fault(of: path) ?? "it changed while it was read")
            }
            found.append(File(name: name, hash: hash.hex))
        }
        return found
    }

    /// Checks that the files are those that the study was read with.
    /// - Throws: `InputError`, and `Violation` where one has changed.
    package func checkContent() throws {
        let found = try foundContent()
        guard let content, content != found else { return }
        let changed = (content + found).first { !content.contains($0) || !found.contains($0) }?.name ?? title
        throw Violation(
            key: "command", found: "\(path(changed)), which has changed",
            allowed: "the files of the program '\(title)' that the study was read with")
    }

    /// The identity of the command, its files and its version.
    package var identity: Identity {
        do { return Identity(of: try CanonicalEncoder(.decisive).encode(self)) } catch {
            preconditionFailure("a program has a canonical form: \(error)")
        }
    }

    /// What would be run, in words for whoever is to allow it.
    package var request: String {
        let files = (content ?? []).map { "\n    \(path($0.name)), SHA-256 \($0.hash)" }.joined()
        return "\(Self.quoted(command)) FOLDER\n    in \(folder)" + files
    }

    /// The arguments as a shell would have them.
    private static func quoted(_ command: [String]) -> String {
        command.map { argument in
            let isPlain = argument.utf8.allSatisfy { plain.contains($0) }
            return isPlain ? argument : "'\(argument.replacing("'", with: "'\\''"))'"
        }.joined(separator: " ")
    }

    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=+:,@%".utf8)
}
