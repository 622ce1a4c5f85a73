import Foundation
import TestSupport

extension TortureSite {
    /// Carries the study out on a small file system in memory that is full again and again, with a little more room each time,
    /// and once on one that cannot be written; needs the right to mount.
    /// - Parameter full: how often a disk was full or could not be written; 0 where none could be mounted.
    func fillDisk(steps: Int, _ full: inout Int, _ faults: inout Faults) throws {
        guard steps > 0 else { return }
        let disk = folder.file("disk"), results = disk + "/results"
        // Not on the disk: what is written there has to be the program's own.
        let log = folder.file("disk.log")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard Self.mount("size=40k", disk) else { return }
        defer { Self.system("umount", disk) }
        // Journals and files that are about to replace others need room beside what stays.
        let size = try undisturbedSize() * 2
        var room = 40
        while Date() < deadline {
            let code = try AblateRun(study, results, log: log).finish()
            if code == 0 { break }
            guard code == 74 else {
                let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                throw Disturbance("a full disk ended with \(code): \(said)")
            }
            full += 1
            room += max(1, size / steps)
            guard Self.mount("remount,size=\(room)k", disk) else { throw Disturbance("the disk cannot grow") }
        }
        try conclude(results, log: log, &faults)
        guard Self.mount("remount,ro", disk) else { throw Disturbance("the disk cannot be made read-only") }
        let code = try AblateRun(study, results, log: log).finish()
        guard code == 74 else { throw Disturbance("a disk that cannot be written ended with \(code)") }
        full += 1
    }

    /// KiB of the files that an undisturbed run leaves.
    private func undisturbedSize() throws -> Int {
        let root = folder.file("undisturbed")
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return try names.reduce(0) { sum, name in
            sum + (try FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")[.size] as? Int ?? 0)
        } / 1024
    }

    private static func mount(_ options: String, _ path: String) -> Bool {
        system("mount", "-t", "tmpfs", "-o", options, "tmpfs", path)
    }

    @discardableResult
    private static func system(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
