import Foundation
import Results
import Specification
import Storage

/// Appends entries to a journal; only the holder of the stage's lock may use it.
///
/// A checkpoint, a failure and a seal are on the disk when the call returns. Entries before the first of them are not
/// needed by a later attempt, so the call does not wait for them. An entry that could not be written whole is removed
/// again.
final class JournalWriter {
    let path: String
    /// The entries found in the file, as far as they belong to this stage and are whole.
    let found: Journal?
    private let identity: Identity
    private var descriptor: CInt = -1
    private var length: Int
    /// The name of the file is on the disk.
    private var isNamed = true
    private var holdsCheckpoint: Bool

    /// Opens the journal of a stage, or begins one.
    /// - Parameter setAside: called with a file that was moved aside since it was damaged or of another stage, and
    ///   with its new name.
    /// - Throws: `FileError`.
    init(_ path: String, of identity: Identity, setAside: (String, String) -> Void) throws {
        (self.path, self.identity) = (path, identity)
        let journal = try Journal.read(path)
        holdsCheckpoint = journal?.checkpoint != nil
        if let journal, journal.identity == identity, journal.remainder != .damaged {
            (found, length) = (journal, journal.wholeLength)
        } else {
            if let aside = try ResultsFolder.setAside(path) { setAside(path, aside) }
            // Entries before the damage are still valid.
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

    /// Notes that an attempt has begun, or has resumed.
    func attempt(_ note: String) throws { try write(Journal.entry(.attempt, Data(note.utf8))) }

    /// Writes a checkpoint, after which earlier ones may go.
    func save(_ checkpoint: Data) throws {
        let entry = Journal.entry(.checkpoint, checkpoint)
        // One whole checkpoint always remains in front of the one that is being written; a third triggers a rewrite.
        if length > 2 * entry.count + Self.slack {
            try begin(with: entry)
        } else {
            try append(entry)
        }
        holdsCheckpoint = true
    }

    private static let slack = 4096

    /// Notes that the stage failed, with the cause.
    func fail(_ cause: String) throws { try append(Journal.entry(.failure, Data(cause.utf8))) }

    /// Notes the hash that the product is to have. Until the product is there, the checkpoints before still count.
    /// - Parameter isAwaited: false leaves it to the caller to bring the journal to the disk before the product gets its name.
    func seal(_ hash: Identity, isAwaited: Bool = true) throws {
        let entry = Journal.entry(.seal, Data(hash.hex.utf8))
        if isAwaited { try append(entry) } else { try write(entry) }
    }

    /// Drops the checkpoints before the seal once the product is there.
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
