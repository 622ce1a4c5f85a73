import ArgumentParser
import FlowMaps
import LinearAlgebra
import Foundation
import Reporting
import XLA

struct DevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List what programs can be computed on: this processor, and the devices of XLA plug-ins.",
        discussion: """
            Plug-ins (PJRT) are looked for in \(PluginSearch.variable), a list of files with colons between them, in the \
            jax_plugins folder and the known wheels of the active Python environment, and beside this program. Those of versions \
            \(PJRTPlugin.tested.lowerBound) to \(PJRTPlugin.tested.upperBound) of the interface were tested; others are refused.
            """)

    func run() throws {
        var table = Table(columns: [
            .init("device", alignment: .left), .init("kind", alignment: .left), .init("memory", unit: "GiB"),
            .init("in use", unit: "GiB"), .init("plug-in", alignment: .left),
        ])
        let process = ProcessInfo.processInfo
        table.append([
            .text("cpu"), .text("\(process.activeProcessorCount) cores, \(InstructionSet.current)"),
            Self.gibibytes(Int(clamping: process.physicalMemory)), .missing, .text("built in"),
        ])
        let paths = PluginSearch.current.paths
        var platforms: Set<String> = []
        for path in paths {
            do {
                let client = try PJRTClient(PJRTPlugin.load(path))
                // Of several plug-ins for a platform its name means the first.
                let isFirst = platforms.insert(client.platform).inserted
                let name: Device = isFirst ? .platform(client.platform) : .plugin(path)
                if let device = client.devices.first { table.append(Self.row(name, device, client)) }
            } catch {
                Console.say("\(error)")
            }
        }
        if platforms.isEmpty { table.notes = [Self.advice(found: paths.count)] }
        Console.give(table)
    }

    private static func row(_ name: Device, _ device: PJRTDevice, _ client: PJRTClient) -> [Table.Cell] {
        let memory = device.memory, about = client.plugin.attributes["stablehlo_current_version"]
        let versions = ["PJRT \(client.plugin.version)"] + (about.map { ["StableHLO \($0)"] } ?? [])
        let others = client.devices.count > 1 ? ", the first of \(client.devices.count)" : ""
        return [
            .text("\(name)"), .text(device.kind + others), memory?.limit.map(gibibytes) ?? .missing,
            memory.map { gibibytes($0.inUse) } ?? .missing,
            .text("\(client.plugin.path) (\(versions.joined(separator: ", ")))"),
        ]
    }

    private static func gibibytes(_ bytes: Int) -> Table.Cell { .number(Double(bytes) / 0x1p30, digits: 3) }

    private static func advice(found: Int) -> String {
        "No plug-in \(found == 0 ? "was found" : "that was found can be used"), so this processor alone computes. For an NVIDIA GPU "
            + "install one with `make gpu`, for XLA on a processor with `pip install --no-deps "
            + "lammps-jax-pjrt-cpu==0.11.2`, and activate that environment, or name the file in \(PluginSearch.variable)."
    }
}
