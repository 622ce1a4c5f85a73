import LinearAlgebra
import Tensors
import Foundation
import Storage

/// The machine, the time and the programs that made a record. Nothing here decides a result except facts that are
/// also in the identity.
public struct Provenance: Codable, Hashable, Sendable {
    /// Names and values, in the order of the names: versions, machine, processes.
    public var facts: [Fact]
    /// Wall-clock seconds of training, without evaluation.
    public var trainingSeconds: Double
    /// Wall-clock seconds and processor seconds of the whole run.
    public var wallSeconds, processorSeconds: Double
    /// The largest resident size of the process, in MiB.
    public var peakMemory: Double

    package init(
        facts: [Fact], trainingSeconds: Double, wallSeconds: Double, processorSeconds: Double, peakMemory: Double
    ) {
        (self.facts, self.trainingSeconds, self.wallSeconds) = (facts, trainingSeconds, wallSeconds)
        (self.processorSeconds, self.peakMemory) = (processorSeconds, peakMemory)
    }

    /// A name with its value.
    public struct Fact: Codable, Hashable, Sendable {
        public let name, value: String

        package init(name: String, value: String) { (self.name, self.value) = (name, value) }
    }

    /// The facts of this process, which completes the stage; other processes may have begun it.
    /// - Parameters:
    ///   - execution: how the training that the record is of was computed.
    ///   - backend: what it was computed on.
    ///   - hidesHost: whether the machine's name is left out, of a record that is to be published.
    package static func facts(
        started: Date, interruptions: Int, execution: Execution, on backend: any Backend, hidesHost: Bool = false
    ) -> [Fact] {
        let host = hidesHost ? [] : [Fact(name: "host", value: ProcessInfo.processInfo.hostName)]
        let facts = [
            Fact(name: "started", value: started.formatted(.iso8601)),
            Fact(name: "ended", value: Date().formatted(.iso8601)),
            Fact(name: "interruptions", value: "\(interruptions)"),
            Fact(name: "ablate", value: Version.text),
            Fact(name: "hdf5", value: HDF5File.libraryVersion),
            Fact(name: "openblas", value: OpenBLAS.version),
            Fact(name: "openblasKernels", value: OpenBLAS.kernels),
            Fact(name: "threads", value: "\(execution.threads)"),
            Fact(name: "processor", value: processor),
            Fact(name: "system", value: ProcessInfo.processInfo.operatingSystemVersionString),
        ]
        let ofBackend = backend.facts(of: execution).map { Fact(name: $0.name, value: $0.value) }
        return (facts + host + ofBackend).sorted { $0.name < $1.name }
    }

    private static var processor: String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        return model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    /// The largest resident size of this program so far in MiB, without that of the process before it became this
    /// program.
    package static var peakMemory: Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first).flatMap { Double($0) }.map { $0 / 1024 } ?? 0
    }

    /// Processor seconds and peak resident MiB of this process so far.
    package static func usage() -> (processorSeconds: Double, peakMemory: Double) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        return (seconds(usage.ru_utime) + seconds(usage.ru_stime), Double(usage.ru_maxrss) / 1024)
    }
}
