/// A machine that compiles programs and runs them.
///
/// Whoever needs numbers is handed one; there is no global choice. A program means the same on every backend, but bits may differ
/// from one to another.
public protocol Backend: Sendable {
    /// Compiles a program. Its inputs are zero until they are written.
    /// - Throws: an error of the backend, where the machine cannot hold or run the program.
    func compile(_ program: Program, execution: Execution) throws -> any CompiledProgram

    /// Names and values that a record keeps of how a program is computed, such as the instruction set. Every name appears once.
    func facts(of execution: Execution) -> [(name: String, value: String)]

    /// The number of bytes that a compiled program would hold: its inputs and its intermediate values. Nothing is allocated.
    func plannedBytes(of program: Program) -> Int
}

extension Backend {
    /// Compiles a program in float32 on one thread.
    /// - Throws: an error of the backend, where the machine cannot hold or run the program.
    public func compile(_ program: Program) throws -> any CompiledProgram {
        try compile(program, execution: Execution())
    }

    /// Compiles a program, writes its inputs, runs it once and returns its outputs.
    /// - Parameter values: the values of the leading inputs; the others are zero.
    /// - Throws: an error of the backend.
    public func evaluate(_ program: Program, _ values: [[Float]] = []) throws -> [[Float]] {
        try compile(program).callAsFunction(values)
    }
}
