internal import CHDF5

/// Strings between Swift and HDF5's memory: variable-length UTF-8, ended by NUL.
enum HDF5Strings {
    /// Calls `body` with one C pointer per string, as `H5Dwrite` and `H5Awrite` require.
    static func withPointers<Result>(_ strings: [String], _ body: (UnsafeRawPointer) throws -> Result) rethrows
        -> Result
    {
        var characters: [UInt8] = []
        var starts: [Int] = []
        for string in strings {
            starts.append(characters.count)
            characters.append(contentsOf: string.utf8)
            characters.append(0)
        }
        // One more, so that there is an address to give where there are no strings.
        characters.append(0)
        return try characters.withUnsafeBytes { bytes in
            var pointers = starts.map { UnsafeRawPointer(bytes.baseAddress! + $0) }
            pointers.append(UnsafeRawPointer(bytes.baseAddress!))
            return try pointers.withUnsafeBytes { try body($0.baseAddress!) }
        }
    }

    /// The reason for which HDF5 cannot store `strings`, or nil.
    static func refusal(of strings: [String]) -> String? {
        guard let index = strings.firstIndex(where: { $0.utf8.contains(0) }) else { return nil }
        return "string \(index) contains the character NUL, which ends a string in HDF5"
    }

    /// Reads `count` strings of the stored type `type`, of fixed or variable length.
    ///
    /// `read` is `H5Dread` or `H5Aread` with the memory type and the destination that it is given; `space` is the
    /// stored dataspace.
    static func read(
        count: Int, type: hid_t, space: hid_t, at place: HDF5Place, _ operation: String,
        _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        guard count > 0 else { return [] }
        return H5Tis_variable_str(type) > 0
            ? try readVariable(count: count, type: type, space: space, at: place, operation, read)
            : try readFixed(count: count, type: type, at: place, operation, read)
    }

    private static func readVariable(
        count: Int, type: hid_t, space: hid_t, at place: HDF5Place, _ operation: String,
        _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        // The stored type itself, since HDF5 does not convert between ASCII and UTF-8.
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        return try pointers.withUnsafeMutableBytes { buffer in
            try place.check(read(type, buffer.baseAddress!), operation)
            defer { H5Dvlen_reclaim(type, space, chdf5_default_list(), buffer.baseAddress!) }
            return try buffer.bindMemory(to: UnsafeMutablePointer<CChar>?.self).map { pointer in
                // An empty string may come back as no pointer.
                guard let pointer else { return "" }
                guard let string = String(validatingCString: pointer) else {
                    throw place.error(operation, "it is not UTF-8")
                }
                return string
            }
        }
    }

    private static func readFixed(
        count: Int, type: hid_t, at place: HDF5Place, _ operation: String,
        _ read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        let size = H5Tget_size(type)
        var bytes = [UInt8](repeating: 0, count: count * size)
        try place.check(read(type, &bytes), operation)
        return try (0..<count).map { index in
            let characters = bytes[index * size..<(index + 1) * size].prefix { $0 != 0 }
            guard let string = String(validating: characters, as: UTF8.self) else {
                throw place.error(operation, "it is not UTF-8")
            }
            return string
        }
    }
}
