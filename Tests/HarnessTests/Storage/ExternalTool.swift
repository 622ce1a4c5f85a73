import Foundation

/// Programs outside the package that read the files independently, where they are installed.
enum ExternalTool {
    static let hasH5dump = succeeds("command -v h5dump")
    static let hasH5py = succeeds("python3 -c 'import h5py'")
    static let hasNumPy = succeeds("python3 -c 'import numpy'")
    static let hasPillow = succeeds("python3 -c 'import PIL'")
    static let hasSafetensors = succeeds("python3 -c 'import numpy, safetensors'")
    static let hasTorch = succeeds("python3 -c 'import torch'")
    static let hasXarray = succeeds("python3 -c 'import h5netcdf, xarray'")

    /// What the shell command writes on standard output and standard error, and its exit status.
    static func run(_ command: String) -> (output: String, status: CInt) {
        guard let pipe = popen("(\(command)) 2>&1", "r") else { return ("", -1) }
        var output: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&block, 1, block.count, pipe), count > 0 { output += block[..<count] }
        let status = pclose(pipe)
        return (String(decoding: output, as: UTF8.self), status)
    }

    /// What the Python program prints with `path` as its argument.
    static func python(_ program: String, _ path: String) throws -> String {
        let script = path + ".py"
        try Data(program.utf8).write(to: URL(fileURLWithPath: script))
        defer { unlink(script) }
        return run("python3 '\(script)' '\(path)'").output
    }

    private static func succeeds(_ command: String) -> Bool { run(command).status == 0 }
}
