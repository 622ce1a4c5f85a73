import Foundation
import Tensors

/// Computes programs by XLA, on one device of a plug-in, or on several from that one on where an execution asks for them.
package struct XLABackend: Backend {
    /// Where compiled programs are kept; nil to compile each time.
    package var cache: CompiledProgramCache?
    /// XLA's own flags.
    package var flags: [String: String]
    private let place: XLADevice
    /// The number of the device among those of the client.
    private let index: Int

    package var client: PJRTClient { place.client }
    package var device: PJRTDevice { place.device }

    /// - Parameters:
    ///   - index: of the device among those of the client.
    /// - Throws: `PluginRefusal` where there is no such device.
    package init(
        _ client: PJRTClient, device index: Int = 0, cache: CompiledProgramCache? = nil, flags: [String: String] = [:]
    ) throws {
        guard client.devices.indices.contains(index) else {
            throw PluginRefusal(
                plugin: client.plugin.path,
                reason: "it has \(client.devices.count) devices, counted from 0, and none of number \(index)")
        }
        place = XLADevice(client: client, device: client.devices[index])
        (self.index, self.cache, self.flags) = (index, cache, flags)
    }

    /// Compiles a program, or loads it where it was compiled before. Threads are the plug-in's affair.
    /// - Throws: `PJRTError` with the plug-in's words.
    package func compile(_ program: Program, execution: Execution) throws -> any CompiledProgram {
        try xlaProgram(program, execution)
    }

    func xlaProgram(_ program: Program, _ execution: Execution = Execution()) throws -> XLAProgram {
        let devices = try devices(execution.devices)
        let module = HLOModule(program, precision: execution.precision, replicas: devices.count)
        return try XLAProgram(
            program, execution, module, loaded(module.text, replicas: devices.count), on: devices,
            hoisted: values(of: module.hoisted, execution))
    }

    /// So many devices, the first of which is this one.
    private func devices(_ count: Int) throws -> [XLADevice] {
        let left = client.devices.dropFirst(index)
        guard count <= left.count else {
            throw PluginRefusal(
                plugin: client.plugin.path,
                reason:
                    "\(count) devices were asked for, and it has \(left.count)\(index > 0 ? " from number \(index) on" : "")"
            )
        }
        return left.prefix(count).map { XLADevice(client: client, device: $0) }
    }

    /// The values of tensors that depend on no input.
    private func values(of tensors: [Tensor], _ execution: Execution) throws -> [[Float]] {
        if tensors.isEmpty { return [] }
        let single = Execution(precision: execution.precision, threads: execution.threads)
        return try xlaProgram(Program { _ in tensors }, single)()
    }

    private func loaded(_ text: String, replicas: Int = 1) throws -> LoadedProgram {
        let options = CompileOptions(flags: flags, replicas: replicas, firstDevice: index)
        guard let cache else { return try LoadedProgram(text, options: options, client) }
        let key = CompiledProgramCache.Key(
            text: text, plugin: client.plugin, platform: "\(client.platform) \(client.platformVersion)",
            device: device.kind, options: options)
        if let bytes = cache.bytes(key), let loaded = try? LoadedProgram(serialized: bytes, client) { return loaded }
        let loaded = try LoadedProgram(text, options: options, client)
        // A plug-in that cannot write what it compiled, or a full disk, costs time the next time and nothing else.
        if let bytes = try? loaded.serialized() { try? cache.keep(bytes, key) }
        return loaded
    }

    /// `device`, its kind; `platform`; `plugin`, the file's name with the version of its interface; `stableHLO`, the version that the
    /// plug-in reads; `devices`, where they are several; `flags`, XLA's.
    package func facts(of execution: Execution) -> [(name: String, value: String)] {
        let plugin = client.plugin, file = URL(fileURLWithPath: plugin.path).lastPathComponent
        var facts = [
            ("device", device.kind), ("platform", client.platform), ("plugin", "\(file), PJRT \(plugin.version)"),
        ]
        if let version = plugin.attributes["stablehlo_current_version"] { facts.append(("stableHLO", version)) }
        if execution.devices > 1 { facts.append(("devices", "\(execution.devices)")) }
        if !flags.isEmpty {
            facts.append(
                ("flags", flags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")))
        }
        return facts.map { (name: $0.0, value: $0.1) }
    }

    /// As the compiler counts them, so the program is compiled; where that fails, the bytes of what it is given.
    package func plannedBytes(of program: Program) -> Int {
        let module = HLOModule(program)
        let given = program.inputs.map(\.shape.count) + module.constants.map(\.values.count)
        let memory = try? loaded(module.text).memory()
        return memory?.total ?? given.reduce(0) { $0 + MemoryLayout<Float>.stride * $1 }
    }
}
