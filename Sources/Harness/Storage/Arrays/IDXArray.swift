import Foundation

/// An array in IDX, the format of MNIST: 0, 0, the type of the numbers, how many axes, each axis as a big-endian 32-bit number, and the
/// numbers, big-endian, the last axis fastest.
package enum IDXArray {
    private static let types: [UInt8: ArrayElement] = [
        8: .uint8, 9: .int8, 11: .int16, 12: .int32, 13: .float32, 14: .float64,
    ]
    /// The most axes that a file may have.
    private static let largestRank = 4

    /// - Parameters:
    ///   - bytes: the bytes of the whole file, expanded.
    ///   - allowed: the expected content, for errors.
    package static func read(_ bytes: [UInt8], allowed: String) throws(ArrayError) -> StoredArray {
        guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, let element = types[bytes[2]],
            (1...largestRank).contains(Int(bytes[3]))
        else {
            let start = bytes.prefix(4).map(String.init).joined(separator: " ")
            throw ArrayError(
                (bytes.isEmpty ? "an empty file" : "a file that starts with bytes \(start)")
                    + "; an IDX file starts with 0 0, a type of 8, 9, 11, 12, 13 or 14, and 1 to 4, its axes",
                allowed: allowed)
        }
        let rank = Int(bytes[3]), header = 4 + 4 * rank
        func short(_ needed: Int) -> ArrayError {
            ArrayError("truncated: \(bytes.count) bytes, where the header asks for \(needed)", allowed: allowed)
        }
        guard bytes.count >= header else { throw short(header) }
        let shape = (0..<rank).map { axis in
            bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        // Four axes below 2³² can pass 2⁶³, but not 2¹²⁸.
        let count = shape.reduce(UInt128(1)) { $0.multipliedReportingOverflow(by: UInt128($1)).partialValue }
        let (size, overflow) = count.multipliedReportingOverflow(by: UInt128(element.size))
        let needed = overflow ? Int.max : Int(clamping: UInt128(header) + size)
        guard bytes.count >= needed else { throw short(needed) }
        guard bytes.count == needed else {
            throw ArrayError(
                "\(bytes.count - needed) bytes after the end: \(bytes.count) bytes, where the header asks for \(needed)",
                allowed: allowed)
        }
        return StoredArray(
            name: "", element: element, shape: shape,
            source: PackedRows(Data(bytes[header...]), PackedNumbers(element, isBigEndian: true)))
    }
}
