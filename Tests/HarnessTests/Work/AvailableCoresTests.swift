import Foundation
import TestSupport
import Testing

@testable import Execution

@Suite("Cores that this process may use")
struct AvailableCoresTests {
    private let folder = TemporaryFolder()

    private func quota(_ files: [String: String]) throws -> Int? {
        for (name, text) in files {
            let path = folder.file(name)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        return AvailableCores.quota(readingFrom: folder.path)
    }

    @Test("a control group's quota is read in whole cores, rounded up, of both versions")
    func quotas() throws {
        #expect(try quota([:]) == nil)
        #expect(try quota(["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"]) == nil)
        #expect(try quota(["cpu/cpu.cfs_quota_us": "250000\n", "cpu/cpu.cfs_period_us": "100000\n"]) == 3)
        #expect(try quota(["cpu.max": "max 100000\n"]) == nil)
        #expect(try quota(["cpu.max": "50000 100000\n"]) == 1)
    }

    @Test("there is at least one core, and no more than the machine has")
    func count() {
        #expect((1...ProcessInfo.processInfo.activeProcessorCount).contains(AvailableCores.count))
    }
}
