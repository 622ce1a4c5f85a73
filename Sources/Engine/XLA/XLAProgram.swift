import CPJRT
import Tensors

/// A program compiled for one or several devices of a plug-in, run many times.
///
/// The state lives on each device from run to run, in the same memory: each run takes it over and leaves the new one in its place. Where a
/// run fails, the state is lost. Several devices are given the same numbers, and what is read are those of the first.
final class XLAProgram: CompiledProgram {
    let program: Program
    let execution: Execution
    private let loaded: LoadedProgram
    private let devices: [XLADevice]
    private let isLoop: Bool
    /// The numbers of each input on each device, states first; nil for zeros that nobody has written.
    private var inputs: [[PJRTBuffer?]]
    /// Constants, hoisted values, random keys and the word that is 0, on each device.
    private let given: [[PJRTBuffer]]
    /// On the first device.
    private var outputs: [PJRTBuffer] = []
    /// The error of a write, thrown by the next run.
    private var failure: (any Error)?

    /// - Parameter hoisted: the values of what the module hoists.
    init(
        _ program: Program, _ execution: Execution, _ module: HLOModule, _ loaded: LoadedProgram,
        on devices: [XLADevice], hoisted: [[Float]]
    ) throws {
        (self.program, self.execution, self.loaded, self.devices) = (program, execution, loaded, devices)
        isLoop = module.isLoop
        inputs = devices.map { _ in program.inputs.map { _ in nil } }
        let count = program.updates.count + program.outputs.count + (module.isLoop ? 1 : 0)
        guard loaded.resultCount == count else {
            throw PluginRefusal(
                plugin: devices[0].client.plugin.path,
                reason: "a compiled program has \(loaded.resultCount) results instead of \(count)")
        }
        given = try devices.map { device in
            let constants = try module.constants.map { values, shape in
                try device.buffer(UnsafeBufferPointer(start: values.base, count: values.count), shape)
            }
            let hoisted = try zip(hoisted, module.hoisted).map { values, tensor in
                try values.withUnsafeBufferPointer { try device.buffer($0, tensor.shape) }
            }
            let keys = try module.keys.map { bits in
                try device.buffer([UInt32(truncatingIfNeeded: bits), UInt32(bits >> 32)], dimensions: [2])
            }
            return constants + hoisted + keys + [try device.buffer([UInt32(0)], dimensions: [])]
        }
    }

    func write(_ values: UnsafeBufferPointer<Float>, to input: Int) {
        let shape = program.inputs[input].shape
        precondition(values.count == shape.count, "\(values.count) values do not fill input \(input) of shape \(shape)")
        for (index, device) in devices.enumerated() {
            do { inputs[index][input] = try device.buffer(values, shape) } catch { failure = failure ?? error }
        }
    }

    func run() throws { _ = try run(steps: 1) }

    func run(steps: Int) throws -> Int {
        if let failure {
            self.failure = nil
            throw failure
        }
        guard steps > 0 else { return 0 }
        outputs = []
        let states = program.updates.count
        var arguments: [[PJRTBuffer]] = []
        for (index, device) in devices.enumerated() {
            for (place, input) in program.inputs.enumerated() where inputs[index][place] == nil {
                inputs[index][place] = try device.zeros(input.shape)
            }
            let count = isLoop ? [try device.buffer(Int32(clamping: steps))] : []
            arguments.append(inputs[index].compactMap(\.self) + given[index] + count)
        }
        let results = try loaded.run(arguments)
        // What was given away is no longer there; what has its place is.
        for index in devices.indices {
            for state in 0..<states { inputs[index][state] = results[index][state] }
        }
        outputs = Array(results[0][states..<(states + program.outputs.count)])
        return isLoop ? try results[0][results[0].count - 1].int32() : steps
    }

    func input(_ index: Int) -> [Float] {
        let shape = program.inputs[index].shape
        return inputs[0][index].map { read($0, shape) } ?? Array(repeating: 0, count: shape.count)
    }

    func output(_ index: Int) -> [Float] {
        precondition(!outputs.isEmpty, "a program has outputs after its first run")
        return read(outputs[index], program.outputs[index].shape)
    }

    func scalar(_ index: Int) -> Float {
        guard program.outputs[index].shape.count == 1, outputs.indices.contains(index) else { return output(index)[0] }
        var number: Float = 0
        withUnsafeMutableBytes(of: &number) { memory in ending { try outputs[index].read(to: memory) } }
        return number
    }

    private func read(_ buffer: PJRTBuffer, _ shape: Shape) -> [Float] {
        [Float](unsafeUninitializedCapacity: shape.count) { memory, count in
            ending { try buffer.read(to: UnsafeMutableRawBufferPointer(memory)) }
            count = shape.count
        }
    }

    /// A device that no longer gives what is on it ends the process, as a failed check inside a plug-in does.
    private func ending(_ body: () throws -> Void) {
        do { try body() } catch { fatalError("\(error)") }
    }

    /// The address of each state on the first device.
    func stateAddresses() throws -> [UInt?] { try inputs[0].prefix(program.updates.count).map { try $0?.address() } }

    /// Bytes on the device, as the compiler counts them.
    func memory() throws -> ProgramMemory { try loaded.memory() }
}
