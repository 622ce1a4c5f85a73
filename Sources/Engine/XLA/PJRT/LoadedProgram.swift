import CPJRT

/// A program compiled by a plug-in, on one device.
final class LoadedProgram {
    private let client: PJRTClient
    private let pointer: OpaquePointer
    /// How many results a run has.
    let resultCount: Int
    private var interface: PJRTInterface { client.interface }

    /// Compiles a module's text.
    convenience init(_ text: String, options: CompileOptions, _ client: PJRTClient) throws {
        var arguments = ablate_pjrt_client_compile()
        arguments.client = client.pointer
        try PJRTProgramText.withUnsafe(text, options) { program, options in
            (arguments.program, arguments.options) = (program, options)
            try client.interface.call(ABLATE_PJRT_CLIENT_COMPILE, &arguments, "compile a program")
        }
        try self.init(arguments.loaded, client)
    }

    /// Loads what `serialized` gave.
    convenience init(serialized bytes: [UInt8], _ client: PJRTClient) throws {
        var arguments = ablate_pjrt_load()
        arguments.client = client.pointer
        try bytes.withUnsafeBytes { bytes in
            arguments.bytes = ablate_pjrt_text(
                start: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), count: bytes.count)
            try client.interface.call(ABLATE_PJRT_EXECUTABLE_LOAD, &arguments, "load a compiled program")
        }
        try self.init(arguments.loaded, client)
    }

    private init(_ loaded: OpaquePointer?, _ client: PJRTClient) throws {
        guard let loaded else {
            throw PluginRefusal(plugin: client.plugin.path, reason: "it compiles to nothing and does not say why")
        }
        (self.client, pointer) = (client, loaded)
        resultCount = try Self.withExecutable(of: loaded, client.interface) { executable in
            Int(
                bitPattern: try client.interface.part(
                    ABLATE_PJRT_EXECUTABLE_OUTPUTS, of: executable, "count a program's results"))
        }
    }

    deinit { interface.destroy(pointer, by: ABLATE_PJRT_LOADED_DESTROY) }

    private static func withExecutable<Result>(
        of loaded: OpaquePointer, _ interface: PJRTInterface, _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        let part = try interface.part(ABLATE_PJRT_LOADED_EXECUTABLE, of: loaded, "look at a program")
        guard let part else { throw PluginRefusal(plugin: interface.path, reason: "a compiled program has no content") }
        let executable = OpaquePointer(part)
        defer { interface.destroy(executable, by: ABLATE_PJRT_EXECUTABLE_DESTROY) }
        return try body(executable)
    }

    /// Bytes to load the program from, by the same plug-in.
    func serialized() throws -> [UInt8] {
        try Self.withExecutable(of: pointer, interface) { executable in
            var arguments = ablate_pjrt_serialize()
            arguments.executable = executable
            try interface.call(ABLATE_PJRT_EXECUTABLE_SERIALIZE, &arguments, "write a compiled program")
            defer { arguments.destroy?(arguments.serialized) }
            return Array(UnsafeRawBufferPointer(start: arguments.bytes.start, count: arguments.bytes.count))
        }
    }

    /// Bytes on the device.
    func memory() throws -> ProgramMemory {
        try Self.withExecutable(of: pointer, interface) { executable in
            var found = ablate_pjrt_compiled_memory()
            found.executable = executable
            try interface.call(ABLATE_PJRT_EXECUTABLE_MEMORY, &found, "count a program's memory")
            return ProgramMemory(found)
        }
    }

    /// Runs the program, once on each of its devices, and waits for its end. Arguments that the program takes over are given away also
    /// where the run fails.
    /// - Parameter buffers: the arguments on each device.
    /// - Returns: the results on each device.
    func run(_ buffers: [[PJRTBuffer]]) throws -> [[PJRTBuffer]] {
        let devices = buffers.count, width = max(1, resultCount)
        var arguments = ablate_pjrt_execute(), options = ablate_pjrt_execute_options()
        options.size = MemoryLayout<ablate_pjrt_execute_options>.size
        (arguments.loaded, arguments.device_count) = (pointer, devices)
        arguments.argument_count = buffers.first?.count ?? 0
        var results = [OpaquePointer?](repeating: nil, count: devices * width)
        var done = [OpaquePointer?](repeating: nil, count: devices)
        let given: [OpaquePointer?] = buffers.flatMap { $0.map(\.pointer) }
        let count = arguments.argument_count
        try given.withUnsafeBufferPointer { given in
            try results.withUnsafeMutableBufferPointer { results in
                let lists = (0..<devices).map { device in given.baseAddress.map { $0 + device * count } }
                let made = (0..<devices).map { device in results.baseAddress.map { $0 + device * width } }
                try lists.withUnsafeBufferPointer { lists in
                    try made.withUnsafeBufferPointer { made in
                        try done.withUnsafeMutableBufferPointer { done in
                            try withUnsafeMutablePointer(to: &options) { options in
                                (arguments.options, arguments.arguments) = (options, lists.baseAddress)
                                (arguments.results, arguments.done) = (made.baseAddress, done.baseAddress)
                                try interface.call(ABLATE_PJRT_LOADED_EXECUTE, &arguments, "run a program")
                            }
                        }
                    }
                }
            }
        }
        let made = (0..<devices).map { device in
            results[(device * width)...].prefix(resultCount).compactMap(\.self).map { PJRTBuffer($0, interface) }
        }
        for event in done { try interface.wait(for: event, "run a program") }
        return made
    }
}

extension ProgramMemory {
    init(_ found: ablate_pjrt_compiled_memory) {
        (arguments, results) = (Int(found.arguments), Int(found.outputs))
        (aliased, temporary) = (Int(found.aliased), Int(found.temporary))
    }
}
