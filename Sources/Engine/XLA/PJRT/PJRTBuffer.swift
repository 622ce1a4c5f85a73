import CPJRT

/// Numbers on a device.
final class PJRTBuffer {
    let pointer: OpaquePointer
    private let interface: PJRTInterface

    /// Takes over a buffer that a run has made.
    init(_ pointer: OpaquePointer, _ interface: PJRTInterface) { (self.pointer, self.interface) = (pointer, interface) }

    /// Copies numbers to a device.
    init<Number>(
        _ numbers: UnsafeBufferPointer<Number>, _ type: ablate_pjrt_type, dimensions: [Int], _ client: PJRTClient,
        _ device: PJRTDevice
    ) throws {
        interface = client.interface
        var arguments = ablate_pjrt_client_upload()
        (arguments.client, arguments.device, arguments.type) = (client.pointer, device.pointer, type)
        // A pointer to nothing is refused also where there are no numbers.
        let none: [Float] = [0]
        try none.withUnsafeBytes { none in
            try dimensions.map(Int64.init).withUnsafeBufferPointer { dimensions in
                arguments.data = numbers.isEmpty ? none.baseAddress : UnsafeRawPointer(numbers.baseAddress)
                (arguments.dimensions, arguments.rank) = (dimensions.baseAddress, dimensions.count)
                try client.interface.call(ABLATE_PJRT_CLIENT_UPLOAD, &arguments, "copy numbers to a device")
            }
        }
        guard let buffer = arguments.buffer else {
            throw PluginRefusal(plugin: client.plugin.path, reason: "it makes no buffer and does not say why")
        }
        pointer = buffer
        try interface.wait(for: arguments.done, "copy numbers to a device")
    }

    deinit { interface.destroy(pointer, by: ABLATE_PJRT_BUFFER_DESTROY) }

    /// Copies the numbers to memory of their size.
    func read(to memory: UnsafeMutableRawBufferPointer) throws {
        if memory.isEmpty { return }
        var arguments = ablate_pjrt_download()
        (arguments.buffer, arguments.target, arguments.bytes) = (pointer, memory.baseAddress, memory.count)
        try interface.call(ABLATE_PJRT_BUFFER_DOWNLOAD, &arguments, "copy numbers from a device")
        try interface.wait(for: arguments.done, "copy numbers from a device")
    }

    /// Where the numbers lie on the device.
    func address() throws -> UInt {
        UInt(bitPattern: try interface.part(ABLATE_PJRT_BUFFER_ADDRESS, of: pointer, "name an address"))
    }

    /// Whether the numbers were given away to a run.
    func isDeleted() throws -> Bool {
        UInt(bitPattern: try interface.part(ABLATE_PJRT_BUFFER_IS_DELETED, of: pointer, "look at a buffer")) & 0xFF != 0
    }
}
