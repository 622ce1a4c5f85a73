import Synchronization

/// A backend that compiles for another one and keeps what it compiled: a program that differs from an earlier one in its constants
/// alone is not compiled again.
///
/// Made for what is run now and then with other weights, such as the samplers of a training's measurements. A compiled program
/// returns to the cache when its last user releases it. Programs with a state are compiled anew each time.
public final class ProgramCache: Backend {
    private let backend: any Backend
    private let capacity: Int
    private let idle = Mutex(IdlePrograms())

    /// - Parameters:
    ///   - backend: the backend that compiles and runs the programs.
    ///   - capacity: the number of unused programs to keep; the one that was used longest ago is dropped first.
    public init(_ backend: any Backend, capacity: Int = 16) {
        (self.backend, self.capacity) = (backend, capacity)
    }

    /// Returns a program that was compiled before and is not in use, with this one's constants, or compiles it.
    public func compile(_ program: Program, execution: Execution) throws -> any CompiledProgram {
        guard program.updates.isEmpty else { return try backend.compile(program, execution: execution) }
        let (parameterized, parameters) = program.parameterized
        let key = IdlePrograms.Key(structure: ProgramStructure(parameterized), execution: execution)
        let known = idle.withLock { $0.take(key) }
        let compiled = try known?.compiled ?? backend.compile(parameterized, execution: execution)
        for (index, storage) in parameters.enumerated() {
            compiled.write(
                UnsafeBufferPointer(start: storage.base, count: storage.count), to: program.inputs.count + index)
        }
        return CachedProgram(program, compiled) { [weak self] compiled in
            guard let self else { return }
            let entry = IdlePrograms.Entry(key: key, compiled: compiled)
            idle.withLock { [capacity] in $0.put(entry, capacity: capacity) }
        }
    }

    /// The facts of the backend that compiles.
    public func facts(of execution: Execution) -> [(name: String, value: String)] { backend.facts(of: execution) }

    /// The bytes that the program would hold on the backend that compiles.
    public func plannedBytes(of program: Program) -> Int { backend.plannedBytes(of: program) }
}

/// Compiled programs that nobody uses at the moment, the one that was used last at the end.
private struct IdlePrograms: Sendable {
    struct Key: Hashable, Sendable {
        let structure: ProgramStructure
        let execution: Execution
    }

    /// A compiled program that has no other user, so that it may move between threads.
    struct Entry: @unchecked Sendable {
        let key: Key
        let compiled: any CompiledProgram
    }

    private var entries: [Entry] = []

    mutating func take(_ key: Key) -> Entry? {
        entries.lastIndex { $0.key == key }.map { entries.remove(at: $0) }
    }

    mutating func put(_ entry: Entry, capacity: Int) {
        entries.append(entry)
        if entries.count > capacity { entries.removeFirst(entries.count - capacity) }
    }
}

/// A compiled program on loan from a cache, whose constants are written to its last inputs.
private final class CachedProgram: CompiledProgram {
    let program: Program
    private let compiled: any CompiledProgram
    private let release: (any CompiledProgram) -> Void

    init(_ program: Program, _ compiled: any CompiledProgram, release: @escaping (any CompiledProgram) -> Void) {
        (self.program, self.compiled, self.release) = (program, compiled, release)
    }

    deinit { release(compiled) }

    var execution: Execution { compiled.execution }

    func write(_ values: UnsafeBufferPointer<Float>, to input: Int) {
        precondition(program.inputs.indices.contains(input), "the program has no input \(input)")
        compiled.write(values, to: input)
    }

    func run() throws { try compiled.run() }
    func run(steps: Int) throws -> Int { try compiled.run(steps: steps) }
    func input(_ index: Int) -> [Float] { compiled.input(index) }
    func output(_ index: Int) -> [Float] { compiled.output(index) }
    func scalar(_ index: Int) -> Float { compiled.scalar(index) }
    func profile(clock: () -> UInt64) throws -> Profile? { try compiled.profile(clock: clock) }
}
