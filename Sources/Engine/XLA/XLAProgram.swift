import CPJRT
import Engine

/// A program compiled for a device, run many times.
///
/// The state lives on the device from run to run, in the same memory: each run takes it over and leaves the new one in its place.
package final class XLAProgram {
    package let program: Program
    private let loaded: LoadedProgram
    private let client: PJRTClient
    private let device: PJRTDevice
    /// Of each input its numbers on the device, states first.
    private var inputs: [PJRTBuffer]
    /// Constants, random keys and the word that is 0.
    private let given: [PJRTBuffer]
    private var outputs: [PJRTBuffer] = []
    /// The most steps that one run may do; nil where a run is one.
    private let mostSteps: Int?
    private var lastSteps = 1

    init(
        _ program: Program, _ module: HLOModule, mostSteps: Int?, _ loaded: LoadedProgram, _ client: PJRTClient,
        _ device: PJRTDevice
    ) throws {
        (self.program, self.mostSteps) = (program, mostSteps)
        (self.loaded, self.client, self.device) = (loaded, client, device)
        let count = program.updates.count + program.outputs.count
        guard loaded.resultCount == count else {
            throw PluginRefusal(
                plugin: client.plugin.path,
                reason: "a compiled program has \(loaded.resultCount) results instead of \(count)")
        }
        inputs = try program.inputs.map {
            try Self.upload([Float](repeating: 0, count: $0.shape.count), $0.shape, client, device)
        }
        let constants = try module.constants.map { values, shape in
            try PJRTBuffer(
                UnsafeBufferPointer(start: values.base, count: values.count), ABLATE_PJRT_FLOAT32,
                dimensions: shape.dimensions, client, device)
        }
        let words = module.keys.map { [UInt32(truncatingIfNeeded: $0), UInt32($0 >> 32)] }
        let keys = try words.map { try Self.upload($0, [2], client, device) }
        given = constants + keys + [try Self.upload([UInt32(0)], [], client, device)]
    }

    private static func upload(
        _ numbers: [Float], _ shape: Shape, _ client: PJRTClient, _ device: PJRTDevice
    ) throws -> PJRTBuffer {
        try numbers.withUnsafeBufferPointer {
            try PJRTBuffer($0, ABLATE_PJRT_FLOAT32, dimensions: shape.dimensions, client, device)
        }
    }

    private static func upload(
        _ words: [UInt32], _ dimensions: [Int], _ client: PJRTClient, _ device: PJRTDevice
    ) throws -> PJRTBuffer {
        try words.withUnsafeBufferPointer {
            try PJRTBuffer($0, ABLATE_PJRT_UINT32, dimensions: dimensions, client, device)
        }
    }

    /// Sets an input, or a state, which come first; each is zeros before.
    package func write(_ values: some Collection<Float>, to input: Int) throws {
        let shape = program.inputs[input].shape
        precondition(values.count == shape.count, "\(values.count) values do not fill input \(input) of shape \(shape)")
        inputs[input] = try Self.upload(Array(values), shape, client, device)
    }

    /// Runs the program, once or several times without coming back in between.
    /// - Parameter steps: from the state that the last has left, with the same inputs; as many as it was compiled for, at most.
    package func run(steps: Int = 1) throws {
        precondition((1...(mostSteps ?? 1)).contains(steps), "\(steps) steps of at most \(mostSteps ?? 1)")
        outputs = []
        let count = try mostSteps.map { _ in
            try [Int32(steps)].withUnsafeBufferPointer {
                try PJRTBuffer($0, ABLATE_PJRT_INT32, dimensions: [], client, device)
            }
        }
        let results = try loaded.run(inputs + given + [count].compactMap(\.self))
        lastSteps = steps
        let states = program.updates.count
        // What was given away is no longer there; what has its place is.
        inputs.replaceSubrange(..<states, with: results[..<states])
        outputs = Array(results[states...])
    }

    /// An input as it stands; after a run, the new state.
    package func input(_ index: Int) throws -> [Float] { try numbers(inputs[index], program.inputs[index].shape) }

    /// An output of the last step of the last run.
    package func output(_ index: Int) throws -> [Float] { try output(index, ofStep: lastSteps - 1) }

    /// An output of a step of the last run, counted from 0.
    package func output(_ index: Int, ofStep step: Int) throws -> [Float] {
        precondition(!outputs.isEmpty, "a program has outputs after its first run")
        precondition((0..<lastSteps).contains(step), "step \(step) of a run of \(lastSteps)")
        let shape = program.outputs[index].shape
        guard let mostSteps else { return try numbers(outputs[index], shape) }
        let all = try numbers(outputs[index], Shape([mostSteps] + shape.dimensions))
        return Array(all[(step * shape.count)..<((step + 1) * shape.count)])
    }

    private func numbers(_ buffer: PJRTBuffer, _ shape: Shape) throws -> [Float] {
        try [Float](unsafeUninitializedCapacity: shape.count) { memory, count in
            try buffer.read(to: UnsafeMutableRawBufferPointer(memory))
            count = shape.count
        }
    }

    /// Sets the inputs, runs once and returns the outputs.
    package func callAsFunction(_ values: [[Float]] = []) throws -> [[Float]] {
        for (index, value) in values.enumerated() { try write(value, to: index) }
        try run()
        return try program.outputs.indices.map { try output($0) }
    }

    /// Where each state lies on the device.
    package func stateAddresses() throws -> [UInt] { try inputs.prefix(program.updates.count).map { try $0.address() } }

    /// Bytes on the device, as the compiler counts them: of the arguments, of the results, of these that lie where an argument did, and
    /// of what is between.
    package func memory() throws -> (arguments: Int, results: Int, aliased: Int, temporary: Int) {
        try loaded.memory()
    }
}
