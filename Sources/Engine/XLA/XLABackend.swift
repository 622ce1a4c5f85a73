import Engine

/// Computes programs by XLA, on one device of a plug-in.
package struct XLABackend: Sendable {
    package let client: PJRTClient
    package let device: PJRTDevice
    /// Where compiled programs are kept; nil to compile each time.
    package var cache: CompiledProgramCache?
    /// XLA's own flags.
    package var flags: [String: String]

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
        (self.client, device, self.cache, self.flags) = (client, client.devices[index], cache, flags)
    }

    /// Compiles a program, or loads it where it was compiled before.
    /// - Parameter mostSteps: that one run may do without coming back; nil for one.
    /// - Throws: `PJRTError` with the plug-in's words.
    package func compile(
        _ program: Program, execution: Execution = Execution(), mostSteps: Int? = nil
    ) throws -> XLAProgram {
        let module = HLOModule(program, precision: execution.precision, mostSteps: mostSteps)
        return try XLAProgram(program, module, mostSteps: mostSteps, loaded(module.text), client, device)
    }

    private func loaded(_ text: String) throws -> LoadedProgram {
        let options = CompileOptions(flags: flags)
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
}
