/// A compiled program: planned memory and a list of instructions, run many times.
///
/// A run allocates nothing and traces nothing. The state of the program lives in the executable from run to run.
public final class Executable {
    public let program: Program
    public let execution: Execution
    /// Floats in the arena of intermediate values.
    public let arenaCount: Int
    private let given: GivenMemory
    /// Where the inputs lie, the states first.
    var inputs: [UnsafeMutablePointer<Float>] { given.inputs }
    let outputs: [UnsafePointer<Float>]
    private let arena: Arena
    let passes: [Pass]
    /// Of all passes, one after the other.
    var instructions: [Instruction] { passes.flatMap(\.instructions) }
    private let chains: [FusedChain]
    /// Of one chain after the other, so that they stay in the cache.
    private let registers: UnsafeMutablePointer<Float>
    /// Sums of blocks of rows, for one chain or one group of them after the other.
    private let blockSums: UnsafeMutablePointer<Float>
    private let stacks: [ProductStack]
    private let attentions: [AttentionHeads]
    /// Constants live as long as the executable that points at them.
    private let graph: Graph
    /// The same instructions for several threads, and these.
    private let division: Division?
    private let crew: Crew?

    /// Compiles a program.
    public convenience init(_ program: Program, execution: Execution = Execution()) {
        self.init(program, execution: execution, limits: .init())
    }

    /// - Parameter limits: when stages are done in bands.
    init(_ program: Program, execution: Execution, limits: Banding.Limits) {
        precondition(execution.threads >= 1, "a program needs at least one thread, not \(execution.threads)")
        LinearAlgebra.useOneThread()
        self.program = program
        self.execution = execution
        var graph = Graph(program)
        graph.takeBiasesIntoProducts(execution.precision)
        self.graph = graph
        var limits = limits
        limits.lanes = execution.threads
        let schedule = Schedule(graph, limits)
        let plan = MemoryPlan(graph, schedule, lanes: execution.threads) { [graph] group in
            schedule.stages[group.stages].reduce(0) {
                guard case .single(let value) = $1, case .product(let a, let b, _, _) = graph.work(value)
                else { return $0 }
                return $0 + MatrixProduct.packedFloats(a, b, execution.precision)
            }
        }
        arenaCount = plan.arenaCount
        arena = Arena(floats: plan.arenaCount)
        given = GivenMemory(graph, schedule, inputs: program.inputs.map(\.shape))
        blockSums = AlignedMemory.allocate(floats: schedule.blockSumFloats(graph))
        var assembler = Assembler(
            graph: graph, plan: plan, arena: arena.base, given: given, precision: execution.precision,
            blockSums: blockSums)
        assembler.append(schedule)
        for (view, input) in plan.copiedUpdates { assembler.appendCopy(of: view, toInput: input) }
        passes = assembler.passes
        chains = assembler.chains
        registers = AlignedMemory.allocate(floats: passes.registerFloats)
        for chain in chains { chain.content.pointee.scratch = registers }
        stacks = assembler.stacks
        attentions = assembler.attentions
        outputs = graph.outputs.map { [assembler] in UnsafePointer(assembler.address(of: $0)) }
        division = execution.threads > 1 ? Division(passes, among: execution.threads) : nil
        crew = division.map { Crew($0.lanes) }
    }

    deinit {
        registers.deallocate()
        blockSums.deallocate()
    }

    /// Sets an input, or a state, which come first.
    public func write(_ values: some Collection<Float>, to input: Int) {
        let count = program.inputs[input].shape.count
        precondition(
            values.count == count,
            "\(values.count) values do not fill input \(input) of shape \(program.inputs[input].shape)")
        let target = inputs[input]
        // A block where there is one: element by element takes ten times as long.
        let isBlock: Void? = values.withContiguousStorageIfAvailable { block in
            if let start = block.baseAddress { target.update(from: start, count: count) }
        }
        if isBlock == nil { _ = UnsafeMutableBufferPointer(start: target, count: count).update(from: values) }
    }

    /// An input as it stands; after a run, the new state.
    public func input(_ index: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: inputs[index], count: program.inputs[index].shape.count))
    }

    /// An output of the last run.
    public func output(_ index: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: outputs[index], count: program.outputs[index].shape.count))
    }

    /// The first number of an output of the last run, read without allocating.
    public func scalar(_ index: Int) -> Float { outputs[index].pointee }

    /// Runs the program once.
    public func run() {
        if let crew { return crew.run() }
        LinearAlgebra.useOneThreadHere()
        for pass in passes { pass.run() }
    }

    /// Sets the inputs, runs once and returns the outputs.
    public func callAsFunction(_ values: [[Float]] = []) -> [[Float]] {
        for (index, value) in values.enumerated() { write(value, to: index) }
        run()
        return program.outputs.indices.map(output)
    }
}
