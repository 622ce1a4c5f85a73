import CKernels
import Glibc

/// The instruction sets that the engine's kernels are compiled for.
///
/// Those with fused multiply-adds (`avx2`, `avx512`, `neon`) give the same bits; `portable` rounds twice where they round once, and
/// differs from them in the last bits.
package enum InstructionSet {
    /// The environment variable that chooses a lesser set than the processor has.
    package static let variable = "ABLATE_INSTRUCTIONS"

    /// The names of the sets that this processor can run, from the least to the one with the most.
    package static var available: [String] { (0..<ablate_instruction_set_count()).map(name) }

    /// The name of the set whose kernels are run: the one that the environment variable names, or the one with the most.
    package static var current: String { name(ablate_instruction_set()) }

    /// The value of the environment variable if this processor cannot run that set; nil if it can, or if the variable is not set.
    package static var refused: String? {
        let wanted = getenv(variable).map { String(cString: $0) }
        return wanted.flatMap { available.contains($0) ? nil : $0 }
    }

    private static func name(_ set: Int32) -> String { String(cString: ablate_instruction_set_name(set)) }
}
