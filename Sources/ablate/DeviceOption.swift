import ArgumentParser
import CPU
import Execution
import FlowMaps
import Foundation
import Study
import Tensors
import XLA

/// The device that programs are computed on.
struct DeviceOption: ParsableArguments {
    @Option(help: "What computes: cpu, cuda, xla:cpu, xla:PLATFORM or xla:/PATH/OF/A/PLUGIN.so; see ablate devices.")
    var device = Device.cpu

    /// Refuses a device that nothing here can be, before any work begins. Plug-ins are opened by whoever computes.
    static func check(_ devices: [Device]) throws {
        for device in Set(devices) where device != .cpu && candidates(device).isEmpty {
            Console.say("error: the device \(device)\n  found: no plug-in for it\n  allowed: what ablate devices lists")
            throw Exit.missingInput
        }
    }

    /// Files of plug-ins that may be meant.
    private static func candidates(_ device: Device) -> [String] {
        switch device {
        case .cpu: []
        case .plugin(let path): FileManager.default.fileExists(atPath: path) ? [path] : []
        case .platform(let name):
            // A plug-in for one kind of device says so in its path; one that says nothing may be for any.
            PluginSearch.current.paths.filter { path in
                let said = ["cpu", "cuda", "rocm", "tpu"].filter(path.lowercased().contains)
                return said.isEmpty || said.contains(name)
            }
        }
    }

    /// What computes on a device.
    /// - Parameters:
    ///   - slot: the number of the worker among those of this machine: each takes a device of its own, as far as there are some.
    ///   - devices: how many it takes.
    /// - Throws: `PluginRefusal` or `PJRTError` where it cannot be opened.
    static func backend(on device: Device, slot: Int = 0, devices: Int = 1) throws -> any Backend {
        var refusal: any Error = PluginRefusal(plugin: "\(device)", reason: "there is no plug-in for it")
        if device == .cpu { return CPUBackend() }
        for path in candidates(device) {
            do {
                let client = try PJRTClient(PJRTPlugin.load(path))
                if case .platform(let name) = device, client.platform != name { continue }
                let groups = max(1, client.devices.count / max(1, devices))
                return try XLABackend(
                    client, device: slot % groups * devices, cache: CompiledProgramCache(folder: cacheFolder))
            } catch {
                refusal = error
            }
        }
        throw refusal
    }

    /// Workers at a time on a device where nobody says how many: one a card of this machine, which NVIDIA's driver lists, and else one,
    /// as a plug-in for processors takes all cores for each. The device is not opened for it.
    static func jobs(of plan: Plan, on device: Device) -> Int {
        let named = plan.pending.compactMap(\.stage.device)
        return ([device] + named).compactMap(jobs).min() ?? plan.jobs(cores: AvailableCores.count)
    }

    private static func jobs(on device: Device) -> Int? {
        switch device {
        case .cpu: return nil
        case .platform("cuda"):
            let cards = try? FileManager.default.contentsOfDirectory(atPath: "/proc/driver/nvidia/gpus")
            return max(1, cards?.count ?? 1)
        case .platform, .plugin: return 1
        }
    }

    /// Where compiled programs are kept: for all studies of a user, in the folder for what can be made again.
    private static var cacheFolder: String {
        let environment = ProcessInfo.processInfo.environment
        let caches = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (caches ?? NSHomeDirectory() + "/.cache") + "/ablate/xla"
    }
}

extension Device: ExpressibleByArgument {
    /// Reads the name of a device.
    public init?(argument: String) { self.init(argument) }

    /// The value in the help text.
    public var defaultValueDescription: String { description }
}
