/// The contents of an IDX file of unsigned bytes, the format of MNIST: dimensions and values, the last index fastest.
///
/// Layout: 0, 0, 8 (unsigned bytes), the number of dimensions; each dimension as a big-endian 32-bit number; the values.
public struct IDX: Sendable, Equatable {
    /// The dimensions, outermost first; one to four of them.
    public let shape: [Int]
    /// The values, as many as the product of the dimensions.
    public let values: [UInt8]

    /// The most dimensions that a file may have.
    private static let maximumRank = 4

    /// Reads a whole file's bytes; `file` names it in errors.
    ///
    /// - Throws: `IDXError` for another magic number, and for fewer or more bytes than the dimensions say.
    public static func read(_ bytes: [UInt8], file: String) throws(IDXError) -> IDX {
        guard bytes.count >= 4, bytes[..<3] == [0, 0, 8], (1...maximumRank).contains(Int(bytes[3])) else {
            throw .magic(file: file, found: Array(bytes.prefix(4)))
        }
        let rank = Int(bytes[3])
        let header = 4 + 4 * rank
        guard bytes.count >= header else { throw .length(file: file, found: bytes.count, needed: header) }
        let shape = (0..<rank).map { axis in
            bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        // Four dimensions below 2³² can pass 2⁶³, but not 2¹²⁸.
        let needed = Int(clamping: UInt128(header) + shape.reduce(UInt128(1)) { $0 * UInt128($1) })
        guard bytes.count == needed else { throw .length(file: file, found: bytes.count, needed: needed) }
        return IDX(shape: shape, values: Array(bytes[header...]))
    }
}

/// The reasons for which a file is not an IDX file of unsigned bytes.
public enum IDXError: Error, Equatable, CustomStringConvertible {
    /// The first four bytes are not 0, 0, 8 and a number of dimensions.
    case magic(file: String, found: [UInt8])
    /// The length of the file is not the one that its header implies.
    case length(file: String, found: Int, needed: Int)

    /// The file and the fault.
    public var description: String {
        switch self {
        case .magic(let file, _), .length(let file, _, _): "\(file): \(problem)"
        }
    }

    /// The fault, without the name of the file.
    public var problem: String {
        switch self {
        case .magic(_, let found):
            let start =
                found.isEmpty ? "is empty" : "starts with bytes \(found.map(String.init).joined(separator: " "))"
            return "\(start); an IDX file of unsigned bytes starts with 0 0 8 and 1 to 4, its dimensions"
        case .length(_, let found, let needed) where found < needed:
            return "truncated: \(found) bytes, where the header asks for \(needed)"
        case .length(_, let found, let needed):
            return "\(found - needed) bytes after the end: \(found) bytes, where the header asks for \(needed)"
        }
    }
}
