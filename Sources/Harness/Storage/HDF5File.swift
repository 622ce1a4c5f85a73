internal import CHDF5
import Foundation
import Specification

/// Whole HDF5 files: written at once and atomically, then only read.
///
/// Two files written with the same calls are identical byte for byte: no times are stored, and types are explicitly
/// little-endian. Threads may use different files at the same time; the groups and datasets of one file belong to one
/// thread.
package enum HDF5File {
    /// Writes the file at `path` with what `body` puts in its root group.
    ///
    /// Nothing appears at `path` before the file is complete and on the disk. Throws what `body` throws, `HDF5Error`,
    /// or `FileError`; a file that was at `path` is then untouched.
    /// - Parameter sealing: given the hash of the whole file before it gets its name.
    package static func write(
        to path: String, sealing: (Identity) throws -> Void = { _ in }, _ body: (_ root: HDF5Group) throws -> Void
    ) throws {
        try AtomicFile.write(
            to: path,
            sealing: { temporary in
                guard let hash = FileHash.identity(temporary) else {
                    throw FileError(path: path, attempt: "read the file")
                }
                try sealing(hash)
            }
        ) { temporary in
            let place = HDF5Place(path: path, name: "/")
            let file = try create(temporary, HDF5Lists.access, at: place)
            try fill(file, at: place, body)
            _ = try HDF5Library.locked { try place.check(H5Fclose(file), "close the file") }
        }
    }

    /// The same of a file that is small enough to be made in memory and written in one piece, with a `FileSeal` at its end, by which it
    /// is known to be whole wherever it is copied.
    /// - Parameters:
    ///   - companions: files that have to reach the disk before this one gets its name; those that are not there are left out.
    ///   - sealing: given the hash of the whole file before it and its companions are brought to the disk.
    package static func writeSealed(
        to path: String, with companions: [String] = [], sealing: (Identity) throws -> Void = { _ in },
        _ body: (_ root: HDF5Group) throws -> Void
    ) throws {
        let file = FileSeal.sealed(try image(at: HDF5Place(path: path, name: "/"), body))
        try AtomicFile.write(file.bytes, to: path, with: companions) { try sealing(Identity(digest: file.hash)) }
    }

    /// The bytes of a file that never was on a disk.
    private static func image(at place: HDF5Place, _ body: (_ root: HDF5Group) throws -> Void) throws -> [UInt8] {
        // HDF5 refuses a name that is open already, and the name of what is only in memory means nothing.
        let file = try create(AtomicFile.temporaryName(for: place.path), HDF5Lists.memory, at: place)
        try fill(file, at: place, body)
        return try HDF5Library.locked {
            defer { H5Fclose(file) }
            try place.check(H5Fflush(file, H5F_SCOPE_GLOBAL), "complete the file")
            let count = try place.check(H5Fget_file_image(file, nil, 0), "complete the file")
            var bytes = [UInt8](repeating: 0, count: count)
            try place.check(H5Fget_file_image(file, &bytes, count), "complete the file")
            return bytes
        }
    }

    /// Fills the root of a new file; closes the file where that fails.
    private static func fill(
        _ file: hid_t, at place: HDF5Place, _ body: (_ root: HDF5Group) throws -> Void
    ) throws {
        do {
            try body(HDF5Group(id: try openRoot(of: file, at: place), place: place))
        } catch {
            HDF5Library.locked { _ = H5Fclose(file) }
            throw error
        }
    }

    /// Gives `body` the root group of the file at `path`, and what `body` returns back.
    ///
    /// Throws `HDF5Error` where the file is absent, truncated or no HDF5 file, and what `body` throws.
    package static func read<Result>(_ path: String, _ body: (_ root: HDF5GroupReader) throws -> Result) throws
        -> Result
    {
        let place = HDF5Place(path: path, name: "/")
        // HDF5's own words for an absent file are five times as long.
        if let fault = RegularFile.fault(of: path) { throw place.error("open the file", fault) }
        let file = try HDF5Library.locked {
            try place.check(H5Fopen(path, chdf5_read_only(), HDF5Lists.access), "open the file")
        }
        defer { HDF5Library.locked { _ = H5Fclose(file) } }
        return try body(HDF5GroupReader(id: try openRoot(of: file, at: place), place: place))
    }

    private static func create(_ temporary: String, _ access: hid_t, at place: HDF5Place) throws -> hid_t {
        try HDF5Library.locked {
            let file = try place.check(
                H5Fcreate(temporary, chdf5_truncate(), HDF5Lists.file, access), "create the file")
            // All objects but the root have the format of HDF5 1.8, which checksums headers and the values in them; a
            // root of 1.8 would keep the time.
            try place.check(H5Fset_libver_bounds(file, H5F_LIBVER_V18, H5F_LIBVER_V18), "create the file")
            return file
        }
    }

    private static func openRoot(of file: hid_t, at place: HDF5Place) throws -> hid_t {
        try HDF5Library.locked {
            try place.check(H5Gopen2(file, "/", chdf5_default_list()), "open the root group")
        }
    }
}

extension HDF5File {
    /// The version of the HDF5 library, such as "1.10.8".
    package static var libraryVersion: String {
        var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
        HDF5Library.locked { _ = H5get_libversion(&major, &minor, &release) }
        return "\(major).\(minor).\(release)"
    }
}
