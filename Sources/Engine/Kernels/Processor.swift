import CKernels

extension LinearAlgebra {
    /// The instruction set that the engine's own kernels were picked for: "avx512", "avx2" or "baseline".
    public static var instructionSet: String { String(cString: ablate_instruction_set()) }
}
