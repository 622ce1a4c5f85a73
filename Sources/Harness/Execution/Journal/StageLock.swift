import Foundation
import Results
import Specification
import Storage

/// The exclusive right to execute a stage, held by one process at a time.
///
/// It is a lock of the system (flock) on a file that stays, and ends with its process, however that ends: a dead
/// owner holds nothing, and there is nothing to unlock by hand. On network disks it works across machines where the
/// file system supports flock, as NFS since Linux 2.6.12, Lustre and GPFS do when so mounted.
package final class StageLock {
    /// The owner's report on itself, stored in the lock file.
    package struct Owner: Codable, Hashable, Sendable {
        package var process: Int32
        package var host: String
        /// The path of the stage's product; other names of the same stage are copied from there.
        package var product: String
        package var began: Date
        /// The steps behind it when this process began.
        package var first: Int
        package var step: Int
        package var steps: Int
        /// A short status: "loss 0.12".
        package var detail: String
        /// The time of this report.
        package var lastReport: Date
    }

    private let descriptor: CInt
    private var pulse: (any DispatchSourceTimer)?

    private init(descriptor: CInt) { self.descriptor = descriptor }

    deinit {
        guard let pulse else {
            close(descriptor)
            return
        }
        // The lock is free at once, the file closed when no sign of life is under way.
        flock(descriptor, LOCK_UN)
        pulse.setCancelHandler { [descriptor] in close(descriptor) }
        pulse.cancel()
    }

    /// Seconds between two signs of life, which are the times of the file: a process that is stopped gives none.
    package static let pulseSeconds = 5.0

    /// Gives signs of life from now on.
    private func beginPulse() {
        let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
        timer.schedule(deadline: .now(), repeating: Self.pulseSeconds)
        timer.setEventHandler { [descriptor] in futimens(descriptor, nil) }
        timer.resume()
        pulse = timer
    }

    /// Seconds between two attempts to take a lock that another process holds.
    private static let patience = 0.05

    /// Takes the lock, waiting while another has it.
    /// - Parameter waiting: called before each wait with the owner's last report; an error of its own ends the
    ///   waiting.
    /// - Throws: `FileError`, and what `waiting` throws.
    static func acquire(_ path: String, waiting: (Owner?) throws -> Void) throws -> StageLock {
        try ResultsFolder.create(parentFolder(of: path))
        let descriptor = try FileKind.open(path, O_RDWR | O_CREAT, attempt: "open the lock")
        let lock = StageLock(descriptor: descriptor)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw FileError(
                    path: path, attempt: "lock the file",
                    reason: "\(String(cString: strerror(errno))): results belong on a disk whose file system has flock")
            }
            try waiting(lock.owner)
            usleep(useconds_t(patience * 1e6))
        }
        lock.beginPulse()
        return lock
    }

    /// Who has a lock.
    package enum Holder: Hashable, Sendable {
        case nobody
        /// What the owner said of itself, if it has already, and when it last gave a sign of life.
        case owner(Owner?, lastSign: Date)
        /// The file system keeps no locks, for the reason; so nobody knows.
        case unknown(String)

        var isHeld: Bool { if case .owner = self { true } else { false } }
        var said: Owner? { if case .owner(let owner, _) = self { owner } else { nil } }
    }

    /// Who has a lock now.
    package static func holder(_ path: String) -> Holder {
        guard let descriptor = try? FileKind.open(path, O_RDONLY, attempt: "open the lock") else { return .nobody }
        let lock = StageLock(descriptor: descriptor)
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return .nobody }
        guard errno == EWOULDBLOCK else { return .unknown(String(cString: strerror(errno))) }
        var status = stat()
        fstat(descriptor, &status)
        let seconds = Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
        return .owner(lock.owner, lastSign: Date(timeIntervalSince1970: seconds))
    }

    /// The largest report of an owner, in bytes; more would need more than one page.
    private static let room = 2048

    /// The owner's last report, if it can be decoded.
    var owner: Owner? {
        var bytes = [UInt8](repeating: 0, count: Self.room)
        let count = pread(descriptor, &bytes, Self.room, 0)
        guard count > 0, let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return try? JSONDecoder().decode(Owner.self, from: Data(bytes[..<end]))
    }

    /// Writes the owner's report. A failure to write is ignored: nothing depends on it.
    func publish(_ owner: Owner) {
        guard var bytes = try? JSONEncoder().encode(owner) else { return }
        bytes.append(UInt8(ascii: "\n"))
        guard bytes.count <= Self.room else { return }
        bytes.withUnsafeBytes { _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
