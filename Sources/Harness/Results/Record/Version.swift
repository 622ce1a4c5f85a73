internal import CVersion
import LinearAlgebra
import Tensors

/// The version of this program.
public enum Version {
    /// The number of the version, as records say it and the first heading of CHANGELOG.md.
    public static let text = "0.1.0"

    /// The commit that the program was built from, with "-changed" behind it where files differed from it; nil where the build did
    /// not know.
    public static var commit: String? {
        let commit = String(cString: ablate_commit())
        return commit.isEmpty ? nil : commit
    }

    /// What `ablate --version` says: number, commit, and the instruction set that numbers are computed with.
    public static var description: String {
        """
        \(text)
        commit: \(commit ?? "unknown, as it was built without make or outside of a git checkout")
        instruction set: \(InstructionSet.current)
        """
    }
}
