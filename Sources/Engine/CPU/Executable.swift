import LinearAlgebra
import Tensors

/// A compiled program: planned memory and a list of instructions, run many times.
///
/// A run allocates nothing and traces nothing. The state of the program lives in the executable from run to run.
final class Executable: CompiledProgram {
    /// The compiled program.
    let program: Program
    /// Precision and threads of the runs.
    let execution: Execution
    /// Number of floats in the arena of intermediate values.
    let arenaCount: Int
    private let buffers: InputBuffers
    /// The addresses of the inputs, the states first.
    var inputs: [UnsafeMutablePointer<Float>] { buffers.inputs }
    let outputs: [UnsafePointer<Float>]
    /// The addresses of the outputs that are scalars.
    private let scalars: [UnsafePointer<Float>]
    private let arena: Arena
    let passes: [Pass]
    /// The instructions of all passes in order.
    var instructions: [Instruction] { passes.flatMap(\.instructions) }
    private let kernels: [FusedKernel]
    /// The registers of the fused kernels, which share them so that they stay in the cache.
    private let registers: UnsafeMutablePointer<Float>
    /// The memory of sums of blocks of rows, which fused kernels use one after the other.
    private let blockSums: UnsafeMutablePointer<Float>
    private let stacks: [ProductStack]
    private let attentions: [AttentionHeads]
    /// Keeps the constants that instructions point at.
    private let graph: Graph
    /// The partition of the instructions among threads, and the threads; nil for a single thread.
    private let partition: ThreadPartition?
    private let threadPool: ThreadPool?

    /// - Parameter limits: the sizes from which stages are computed in batch tiles.
    init(_ program: Program, execution: Execution = Execution(), limits: BatchTiling.Limits = .init()) {
        precondition(execution.threads >= 1, "a program needs at least one thread, not \(execution.threads)")
        OpenBLAS.useOneThread()
        self.program = program
        self.execution = execution
        var graph = Graph(program)
        graph.fuseBiases(execution.precision)
        self.graph = graph
        var limits = limits
        limits.threads = execution.threads
        let schedule = Schedule(graph, limits)
        let plan = MemoryPlan(graph, schedule, threads: execution.threads) { [graph] group in
            schedule.stages[group.stages].reduce(0) {
                guard case .single(let value) = $1, case .matmul(let a, let b, _, _) = graph.work(value)
                else { return $0 }
                return $0 + MatrixProduct.packedFloats(a, b, execution.precision)
            }
        }
        arenaCount = plan.arenaCount
        arena = Arena(floats: plan.arenaCount)
        buffers = InputBuffers(graph, schedule, inputs: program.inputs.map(\.shape))
        blockSums = AlignedMemory.allocate(floats: schedule.blockSumFloats(graph))
        var generator = CodeGenerator(
            graph: graph, plan: plan, arena: arena.base, buffers: buffers, precision: execution.precision,
            blockSums: blockSums)
        generator.append(schedule)
        for (view, input) in plan.copiedUpdates { generator.appendCopy(of: view, toInput: input) }
        passes = generator.passes
        kernels = generator.kernels
        registers = AlignedMemory.allocate(floats: passes.registerFloats)
        for kernel in kernels { kernel.content.pointee.scratch = registers }
        stacks = generator.stacks
        attentions = generator.attentions
        outputs = graph.outputs.map { [generator] in UnsafePointer(generator.address(of: $0)) }
        scalars = zip(outputs, program.outputs).filter { $1.rank == 0 }.map(\.0)
        partition = execution.threads > 1 ? ThreadPartition(passes, among: execution.threads) : nil
        threadPool = partition.map { ThreadPool($0.threads) }
    }

    deinit {
        registers.deallocate()
        blockSums.deallocate()
    }

    func write(_ values: UnsafeBufferPointer<Float>, to input: Int) {
        let count = program.inputs[input].shape.count
        precondition(
            values.count == count,
            "\(values.count) values do not fill input \(input) of shape \(program.inputs[input].shape)")
        if let start = values.baseAddress { inputs[input].update(from: start, count: count) }
    }

    func input(_ index: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: inputs[index], count: program.inputs[index].shape.count))
    }

    func output(_ index: Int) -> [Float] {
        Array(UnsafeBufferPointer(start: outputs[index], count: program.outputs[index].shape.count))
    }

    func scalar(_ index: Int) -> Float { outputs[index].pointee }

    func run() {
        if let threadPool { return threadPool.run() }
        OneDNN.useOneThreadHere()
        for pass in passes { pass.run() }
    }

    func run(steps: Int) -> Int {
        for step in 0..<steps {
            run()
            for scalar in scalars where !scalar.pointee.isFinite { return step + 1 }
        }
        return steps
    }
}
