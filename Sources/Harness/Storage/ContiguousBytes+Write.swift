import Foundation

extension ContiguousBytes {
    /// Writes all bytes to an open file.
    /// - Throws: `FileError` with the name that is given.
    package func writeAll(to descriptor: CInt, of path: String) throws {
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
