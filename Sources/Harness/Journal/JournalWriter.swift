import Foundation

/// Adds entries to a journal; for whoever holds the lock of the work.
///
/// Each entry is on the disk when the call returns. An entry that could not be written whole is taken back.
final class JournalWriter {
    let path: String
    /// What was there, as far as it was of this work and whole.
    let found: Journal?
    private let identity: Identity
    private var descriptor: CInt = -1
    private var length: Int

    /// Opens the journal of a piece of work, or begins one.
    /// - Parameter setAside: told of a file that gave way since it was damaged or of other work, and of its new name.
    /// - Throws: `FileError`.
    init(_ path: String, of identity: Identity, setAside: (String, String) -> Void) throws {
        (self.path, self.identity) = (path, identity)
        let journal = try Journal.read(path)
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
    func attempt(_ note: String) throws { try append(Journal.entry(.attempt, Data(note.utf8))) }

    /// Writes a checkpoint, after which earlier ones may go.
    func save(_ checkpoint: Data) throws {
        let entry = Journal.entry(.checkpoint, checkpoint)
        // One whole checkpoint always stands before the one that is being written; a third is reason to tidy up.
        if length > 2 * entry.count + Self.slack {
            try begin(with: entry)
        } else {
            try append(entry)
        }
    }

    private static let slack = 4096

    /// Says that the work failed of itself.
    func fail(_ cause: String) throws { try append(Journal.entry(.failure, Data(cause.utf8))) }

    /// Says that the product is to have the bytes of a hash. Until the product is there, the checkpoints before still count.
    func seal(_ hash: Identity) throws { try append(Journal.entry(.seal, Data(hash.hex.utf8))) }

    /// Leaves nothing but the seal: the product is there.
    func forgetCheckpoints(sealed hash: Identity) throws { try begin(with: Journal.entry(.seal, Data(hash.hex.utf8))) }

    private func append(_ entry: Data) throws {
        do {
            try entry.writeAll(to: descriptor, of: path)
            guard fdatasync(descriptor) == 0 else { throw FileError(path: path, attempt: "bring the file to the disk") }
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
        try AtomicFile.write(bytes, to: path)
        if descriptor >= 0 { close(descriptor) }
        length = bytes.count
        try open()
    }

    private func open() throws {
        descriptor = Foundation.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, attempt: "open the file") }
    }
}

extension ContiguousBytes {
    /// Writes all bytes to an open file.
    /// - Throws: `FileError` with the name that is given.
    func writeAll(to descriptor: CInt, of path: String) throws {
        try withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Foundation.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    throw FileError(path: path, attempt: "write the file")
                }
                rest = rest.dropFirst(written)
            }
        }
    }
}
