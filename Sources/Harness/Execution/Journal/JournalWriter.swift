import Foundation
import Results
import Specification
import Storage

/// Adds entries to a journal; for whoever holds the lock of the work.
///
/// A checkpoint, a failure and a seal are on the disk when the call returns. What comes before the first of them says nothing that a
/// later attempt needs, and is not waited for. An entry that could not be written whole is taken back.
final class JournalWriter {
    let path: String
    /// What was there, as far as it was of this work and whole.
    let found: Journal?
    private let identity: Identity
    private var descriptor: CInt = -1
    private var length: Int
    /// Whether its name is on the disk.
    private var isNamed = true
    private var holdsCheckpoint: Bool

    /// Opens the journal of a piece of work, or begins one.
    /// - Parameter setAside: told of a file that gave way since it was damaged or of other work, and of its new name.
    /// - Throws: `FileError`.
    init(_ path: String, of identity: Identity, setAside: (String, String) -> Void) throws {
        (self.path, self.identity) = (path, identity)
        let journal = try Journal.read(path)
        holdsCheckpoint = journal?.checkpoint != nil
        if let journal, journal.identity == identity, journal.remainder != .damaged {
            (found, length) = (journal, journal.wholeLength)
        } else {
            if let aside = try ResultsFolder.setAside(path) { setAside(path, aside) }
            // What stands before the damage is as good as ever.
            found = journal?.identity == identity ? journal : nil
            length = 0
            try begin(with: found?.checkpoint.map { Journal.entry(.checkpoint, $0) })
            return
        }
        try open()
        // What a killed writer left unfinished.
        if ftruncate(descriptor, off_t(length)) != 0 { throw FileError(path: path, attempt: "write the file") }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Says that the work is begun, or gone on with.
    func attempt(_ note: String) throws { try write(Journal.entry(.attempt, Data(note.utf8))) }

    /// Writes a checkpoint, after which earlier ones may go.
    func save(_ checkpoint: Data) throws {
        let entry = Journal.entry(.checkpoint, checkpoint)
        // One whole checkpoint always stands before the one that is being written; a third is reason to tidy up.
        if length > 2 * entry.count + Self.slack {
            try begin(with: entry)
        } else {
            try append(entry)
        }
        holdsCheckpoint = true
    }

    private static let slack = 4096

    /// Says that the work failed of itself.
    func fail(_ cause: String) throws { try append(Journal.entry(.failure, Data(cause.utf8))) }

    /// Says that the product is to have the bytes of a hash. Until the product is there, the checkpoints before still count.
    func seal(_ hash: Identity) throws { try append(Journal.entry(.seal, Data(hash.hex.utf8))) }

    /// Leaves no checkpoint before the seal: the product is there.
    func forgetCheckpoints(sealed hash: Identity) throws {
        if holdsCheckpoint { try begin(with: Journal.entry(.seal, Data(hash.hex.utf8))) }
        holdsCheckpoint = false
    }

    private func append(_ entry: Data) throws {
        try write(entry) {
            guard fdatasync(descriptor) == 0 else { throw FileError(path: path, attempt: "bring the file to the disk") }
        }
        if !isNamed { try AtomicFile.synchronizeFolder(of: path) }
        isNamed = true
    }

    private func write(_ entry: Data, settling: () throws -> Void = {}) throws {
        do {
            try entry.writeAll(to: descriptor, of: path)
            try settling()
        } catch {
            ftruncate(descriptor, off_t(length))
            throw error
        }
        length += entry.count
    }

    /// Replaces the file by one of the identity and at most one other entry.
    private func begin(with entry: Data?) throws {
        let bytes = Journal.magic + Journal.entry(.identity, Data(identity.hex.utf8)) + (entry ?? Data())
        try ResultsFolder.create(parentFolder(of: path))
        isNamed = entry != nil
        try AtomicFile.write(bytes, to: path, isDurable: isNamed)
        if descriptor >= 0 { close(descriptor) }
        length = bytes.count
        try open()
    }

    private func open() throws {
        descriptor = try FileKind.open(path, O_WRONLY | O_APPEND, attempt: "open the file")
    }
}
