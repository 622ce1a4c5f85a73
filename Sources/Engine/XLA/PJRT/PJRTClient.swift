import CPJRT

/// A plug-in at work: its devices, and what is made on them. It owns threads and, on a GPU, memory: one a process is enough.
package final class PJRTClient: @unchecked Sendable {
    package let plugin: PJRTPlugin
    /// "cpu", "cuda".
    package let platform: String
    /// The platform's own version.
    package let platformVersion: String
    package private(set) var devices: [PJRTDevice] = []
    let interface: PJRTInterface
    let pointer: OpaquePointer

    /// - Throws: `PJRTError` where there is no device, in the plug-in's words.
    package init(_ plugin: PJRTPlugin) throws {
        self.plugin = plugin
        interface = plugin.interface
        pointer = try Self.create(interface)
        do {
            platform = try interface.text(ABLATE_PJRT_CLIENT_PLATFORM_NAME, of: pointer, "name its platform")
            platformVersion = try interface.text(
                ABLATE_PJRT_CLIENT_PLATFORM_VERSION, of: pointer, "name its platform's version")
        } catch {
            interface.destroy(pointer, by: ABLATE_PJRT_CLIENT_DESTROY)
            throw error
        }
        var found = ablate_pjrt_client_devices()
        found.client = pointer
        try interface.call(ABLATE_PJRT_CLIENT_DEVICES, &found, "list its devices")
        devices = try UnsafeBufferPointer(start: found.devices, count: found.count).compactMap(\.self).map {
            try PJRTDevice($0, interface)
        }
    }

    deinit { interface.destroy(pointer, by: ABLATE_PJRT_CLIENT_DESTROY) }

    /// Memory is taken as it is needed, not most of a card's beforehand, so that two workers fit on one card. Only plug-ins for GPUs
    /// know the option, and others refuse what they do not know.
    private static func create(_ interface: PJRTInterface) throws -> OpaquePointer {
        var arguments = ablate_pjrt_client_create()
        let isForGPU = ["cuda", "rocm", "gpu"].contains { interface.path.lowercased().contains($0) }
        let name = "preallocate"
        try name.withCString { start in
            var option = ablate_pjrt_named_value()
            option.size = MemoryLayout<ablate_pjrt_named_value>.size
            option.name = ablate_pjrt_text(start: start, count: name.utf8.count)
            option.kind = ABLATE_PJRT_BOOL
            option.truth = 0
            option.count = 1
            try withUnsafePointer(to: option) { options in
                if isForGPU { (arguments.options, arguments.option_count) = (options, 1) }
                try interface.call(ABLATE_PJRT_CLIENT_CREATE, &arguments, "open its devices")
            }
        }
        guard let client = arguments.client else {
            throw PluginRefusal(plugin: interface.path, reason: "it opens no device and does not say why")
        }
        return client
    }
}

/// One device of a client.
package struct PJRTDevice: @unchecked Sendable, CustomStringConvertible {
    /// "cpu", "NVIDIA H100 80GB HBM3".
    package let kind: String
    /// The plug-in's name for this one, "TFRT_CPU_0".
    package let description: String
    let pointer: OpaquePointer
    private let interface: PJRTInterface

    init(_ pointer: OpaquePointer, _ interface: PJRTInterface) throws {
        (self.pointer, self.interface) = (pointer, interface)
        let about = try interface.part(ABLATE_PJRT_DEVICE_DESCRIPTION, of: pointer, "describe a device")
        let description = about.map { OpaquePointer($0) }
        kind = try interface.text(ABLATE_PJRT_DESCRIPTION_KIND, of: description, "name a device's kind")
        self.description = try interface.text(ABLATE_PJRT_DESCRIPTION_TEXT, of: description, "name a device")
    }

    /// Bytes in use and, where the plug-in knows it, the most there were and may be; nil where it counts none, as on CPUs.
    package var memory: (inUse: Int, peak: Int?, limit: Int?)? {
        var arguments = ablate_pjrt_device_memory()
        arguments.device = pointer
        do { try interface.call(ABLATE_PJRT_DEVICE_MEMORY, &arguments, "count memory") } catch { return nil }
        return (
            Int(arguments.in_use), arguments.peak.is_set != 0 ? Int(arguments.peak.value) : nil,
            arguments.limit.is_set != 0 ? Int(arguments.limit.value) : nil
        )
    }
}
