import Foundation
import Specification
import Storage
import Study
import Subprocess

extension Origin.Commit {
    /// The commit of the folder of the first of the files, by git.
    /// - Returns: nil outside a repository, in one without a commit, and where there is no git.
    static func of(files: [String]) async -> Origin.Commit? {
        guard let first = files.first else { return nil }
        let folder = parentFolder(of: first).isEmpty ? "." : parentFolder(of: first)
        func git(_ arguments: String...) async -> String? {
            let result = try? await Subprocess.run(
                .name("git"), arguments: Arguments(["-C", programPath(folder)] + arguments),
                output: .string(limit: 1 << 20),
                error: .discarded)
            guard let result, result.terminationStatus.isSuccess else { return nil }
            return result.standardOutput
        }
        func places() -> [String] { files.map { URL(fileURLWithPath: $0).standardizedFileURL.path } }
        guard let name = await git("rev-parse", "--verify", "HEAD") else { return nil }
        // Files that git does not know are of no matter, unless the study is one.
        let changes = await git("status", "--porcelain", "--untracked-files=no")
        var isKnown = true
        for place in places() where await git("ls-files", "--error-unmatch", "--", place) == nil { isKnown = false }
        return Origin.Commit(
            name: name.trimmingCharacters(in: .whitespacesAndNewlines),
            tree: changes?.isEmpty == true && isKnown ? .clean : .changed)
    }
}

extension Origin {
    /// The same origin with git's commit and the hash of this program's file.
    func attested() async -> Origin {
        var origin = self
        origin.commit = await Commit.of(files: files.map(\.path))
        origin.executable = FileHash.identity("/proc/self/exe")
        return origin
    }
}
