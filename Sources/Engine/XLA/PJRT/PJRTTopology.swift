import CPJRT

/// Devices of one kind that need not be there: what a plug-in compiles for without them.
package final class PJRTTopology {
    private let plugin: PJRTPlugin
    private let pointer: OpaquePointer
    private var interface: PJRTInterface { plugin.interface }

    /// - Parameter devices: how many, all in one machine.
    package init(_ plugin: PJRTPlugin, _ target: TargetDevice, devices: Int = 1) throws {
        self.plugin = plugin
        var arguments = ablate_pjrt_topology_create()
        let options = [("target_config", target.configuration), ("topology", "1x1x\(devices)")]
        try Self.withUnsafe(options) { options in
            (arguments.options, arguments.option_count) = (options.baseAddress, options.count)
            try plugin.interface.call(ABLATE_PJRT_TOPOLOGY_CREATE, &arguments, "describe a device to compile for")
        }
        guard let topology = arguments.topology else {
            throw PluginRefusal(plugin: plugin.path, reason: "it describes no device and does not say why")
        }
        pointer = topology
    }

    deinit { interface.destroy(pointer, by: ABLATE_PJRT_TOPOLOGY_DESTROY) }

    /// Texts with names, in structures that live as long as the call.
    private static func withUnsafe(
        _ options: [(name: String, text: String)],
        _ body: (UnsafeBufferPointer<ablate_pjrt_named_value>) throws -> Void
    ) throws {
        // One array of all texts, which does not move.
        let bytes = options.flatMap { Array($0.name.utf8) + Array($0.text.utf8) }
        try bytes.withUnsafeBytes { bytes in
            var start = bytes.bindMemory(to: CChar.self).baseAddress
            func next(_ text: String) -> ablate_pjrt_text {
                defer { start = start.map { $0 + text.utf8.count } }
                return ablate_pjrt_text(start: start, count: text.utf8.count)
            }
            let values = options.map { name, text in
                var value = ablate_pjrt_named_value()
                value.size = MemoryLayout<ablate_pjrt_named_value>.size
                value.name = next(name)
                value.kind = ABLATE_PJRT_STRING
                (value.string, value.count) = (next(text).start, text.utf8.count)
                return value
            }
            try values.withUnsafeBufferPointer(body)
        }
    }

    /// Compiles a module's text for these devices.
    /// - Returns: bytes on a device.
    package func compile(
        _ module: HLOModule, options: CompileOptions = CompileOptions()
    ) throws -> ProgramMemory {
        var arguments = ablate_pjrt_topology_compile()
        arguments.topology = pointer
        try PJRTProgramText.withUnsafe(module.text, options) { program, options in
            (arguments.program, arguments.options) = (program, options)
            try interface.call(
                ABLATE_PJRT_TOPOLOGY_COMPILE, &arguments, "compile a program for a device that is not here")
        }
        defer { interface.destroy(arguments.executable, by: ABLATE_PJRT_EXECUTABLE_DESTROY) }
        var found = ablate_pjrt_compiled_memory()
        found.executable = arguments.executable
        try interface.call(ABLATE_PJRT_EXECUTABLE_MEMORY, &found, "count a program's memory")
        return ProgramMemory(found)
    }
}
