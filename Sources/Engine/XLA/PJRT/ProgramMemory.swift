/// Bytes that a compiled program takes on a device, as its compiler counts them.
package struct ProgramMemory: Equatable, Sendable {
    /// Of what it is given: inputs, constants and keys.
    package let arguments: Int
    package let results: Int
    /// Of results that lie where an argument did.
    package let aliased: Int
    /// Of values in between.
    package let temporary: Int

    /// All together.
    package var total: Int { arguments + results - aliased + temporary }
}
