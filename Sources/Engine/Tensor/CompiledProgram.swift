/// A program compiled for one machine, to be run many times.
///
/// The state of the program stays with it, on the machine, from run to run, and is read only when asked for. One user at a time.
public protocol CompiledProgram: AnyObject {
    /// The program that was compiled.
    var program: Program { get }

    /// Precision and threads of the runs.
    var execution: Execution { get }

    /// Sets an input, of which the states come first.
    /// - Parameter values: as many numbers as the input has, the last axis fastest.
    func write(_ values: UnsafeBufferPointer<Float>, to input: Int)

    /// Runs the program once.
    /// - Throws: an error of the backend.
    func run() throws

    /// Runs the program up to `steps` times, and stops after the first run in which a scalar output is not finite. Inputs other than
    /// the state keep their values from run to run.
    /// - Returns: the number of runs; if a number was not finite, the outputs are those of its run.
    /// - Throws: an error of the backend.
    func run(steps: Int) throws -> Int

    /// An input as it is now; for a state, its value after the last run.
    func input(_ index: Int) -> [Float]

    /// An output of the last run.
    func output(_ index: Int) -> [Float]

    /// The first number of an output of the last run, read without allocating.
    func scalar(_ index: Int) -> Float

    /// Runs the program once and times each instruction; nil where the backend cannot.
    /// - Parameter clock: returns nanoseconds that never decrease.
    func profile(clock: () -> UInt64) throws -> Profile?
}

extension CompiledProgram {
    /// Nil, for backends that cannot time instructions.
    public func profile(clock: () -> UInt64) throws -> Profile? { nil }

    /// Sets an input, of which the states come first.
    public func write(_ values: [Float], to input: Int) {
        values.withUnsafeBufferPointer { write($0, to: input) }
    }

    /// Sets the leading inputs, runs once and returns the outputs.
    /// - Throws: an error of the backend.
    public func callAsFunction(_ values: [[Float]] = []) throws -> [[Float]] {
        for (index, value) in values.enumerated() { write(value, to: index) }
        try run()
        return program.outputs.indices.map(output)
    }

    /// Sets the leading inputs to tensors that depend on no placeholder; each has its input's shape. Those that are not known numbers
    /// are computed by a backend.
    /// - Throws: an error of the backend.
    public func write(_ tensors: [Tensor], computedOn backend: any Backend) throws {
        let shapes = program.inputs.prefix(tensors.count).map(\.shape)
        precondition(
            tensors.map(\.shape) == shapes, "tensors of \(tensors.map(\.shape)) do not fill inputs of \(shapes)")
        let values = try MaterializedValues(tensors, on: backend)
        for index in tensors.indices { values.withValues(of: index) { write($0, to: index) } }
    }
}
