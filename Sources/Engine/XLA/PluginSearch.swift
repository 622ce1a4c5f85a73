import Foundation

/// Where plug-ins are looked for: a list of files in `ABLATE_PJRT`, the Python environment that is active, the one that `make gpu` makes in
/// the folder of builds (or `gpu` beside a program that travels), and beside the program.
package struct PluginSearch {
    /// The environment's variables.
    package var environment: [String: String]
    /// The folder of the program.
    package var programFolder: String

    /// The variable that names plug-ins, with colons between them.
    package static let variable = "ABLATE_PJRT"

    /// Files of wheels on PyPI, below an environment's `site-packages`; further ones are found in `jax_plugins`.
    static let wheels = [
        "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
        "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
    ]

    package init(environment: [String: String], programFolder: String) {
        (self.environment, self.programFolder) = (environment, programFolder)
    }

    /// Of this process.
    package static var current: PluginSearch {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return PluginSearch(
            environment: ProcessInfo.processInfo.environment, programFolder: program.deletingLastPathComponent().path)
    }

    /// Files that are named, whether they exist or not, then those that are found, each once.
    package var paths: [String] {
        let named = (environment[Self.variable] ?? "").split(separator: ":").map(String.init)
        let own = [programFolder + "/gpu", programFolder + "/../../gpu"].map { ($0 as NSString).standardizingPath }
        let found = (pythonEnvironments + own).flatMap(inEnvironment) + libraries(in: programFolder, recursive: false)
        var seen: Set<String> = []
        return (named + found).filter { seen.insert($0).inserted }
    }

    /// The folder that an activated environment names, and that of the first `python3` of the search path.
    private var pythonEnvironments: [String] {
        if let active = environment["VIRTUAL_ENV"] ?? environment["CONDA_PREFIX"], !active.isEmpty { return [active] }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let first = folders.first { FileManager.default.isExecutableFile(atPath: $0 + "/python3") }
        return first.map { [($0 as NSString).deletingLastPathComponent] } ?? []
    }

    private func inEnvironment(_ environment: String) -> [String] {
        let files = FileManager.default, library = environment + "/lib"
        let versions = ((try? files.contentsOfDirectory(atPath: library)) ?? []).filter { $0.hasPrefix("python3") }
        return versions.sorted().flatMap { version in
            let packages = library + "/" + version + "/site-packages"
            let known = Self.wheels.map { packages + "/" + $0 }.filter { files.fileExists(atPath: $0) }
            return libraries(in: packages + "/jax_plugins", recursive: true) + known
        }
    }

    /// Files of a plug-in's name: those of one package beside its own libraries are not.
    private func libraries(in folder: String, recursive: Bool) -> [String] {
        let files = FileManager.default
        let names =
            (try? recursive ? files.subpathsOfDirectory(atPath: folder) : files.contentsOfDirectory(atPath: folder))
            ?? []
        return names.filter { name in
            let file = (name as NSString).lastPathComponent.lowercased()
            return file.hasSuffix(".so")
                && (file.contains("pjrt") || file.contains("xla_cuda_plugin") || file == "libtpu.so")
        }.sorted().map { folder + "/" + $0 }
    }
}
