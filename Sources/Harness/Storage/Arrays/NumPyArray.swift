import Foundation

/// One array in NumPy's format: a magic text, a version, a header that is a dictionary in Python, and the numbers.
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html)
package enum NumPyArray {
    package static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// - Parameter bytes: of the whole file.
    package static func read(_ bytes: Data, name: String = "") throws(ArrayError) -> StoredArray {
        let cut = ArrayError("a NumPy file that is cut off in its header", allowed: "the whole file")
        guard bytes.count >= 10, bytes.starts(with: magic) else { throw cut }
        func byte(_ place: Int) -> Int { Int(bytes[bytes.startIndex + place]) }
        let lengthBytes = byte(6) == 1 ? 2 : 4
        guard bytes.count >= 8 + lengthBytes else { throw cut }
        let length = (0..<lengthBytes).reduce(0) { $0 | byte(8 + $1) << (8 * $1) }
        let start = 8 + lengthBytes + length
        guard bytes.count >= start else { throw cut }
        let text = String(decoding: bytes.dropFirst(8 + lengthBytes).prefix(length), as: UTF8.self)
        let header = try Header(text)
        let needed = try header.numbers.byteCount(of: header.shape)
        guard bytes.count - start == needed else {
            throw ArrayError(
                "\(bytes.count - start) bytes of numbers",
                allowed: "\(needed), as shape \(header.shape) of "
                    + "\(header.numbers.element.rawValue) has")
        }
        return StoredArray(
            name: name, element: header.numbers.element, shape: header.shape,
            source: PackedRows(bytes.dropFirst(start), header.numbers))
    }

    /// The header's dictionary: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`.
    private struct Header {
        let numbers: PackedNumbers
        let shape: [Int]

        init(_ text: String) throws(ArrayError) {
            func value(_ key: String) -> Substring? {
                for quote in ["'", "\""] {
                    guard let place = text.range(of: "\(quote)\(key)\(quote)") else { continue }
                    return text[place.upperBound...].drop { $0 == " " || $0 == ":" }
                }
                return nil
            }
            guard let order = value("fortran_order"), let extents = value("shape"), let type = value("descr") else {
                throw ArrayError("a header without shape, order and type", allowed: "an array as numpy.save leaves it")
            }
            guard order.hasPrefix("False") else {
                throw ArrayError(
                    "an array in Fortran's order", allowed: "numpy.save(path, numpy.ascontiguousarray(array))")
            }
            guard extents.hasPrefix("("), let end = extents.firstIndex(of: ")") else {
                throw ArrayError("a header without shape", allowed: "an array as numpy.save leaves it")
            }
            let parts = extents[..<end].dropFirst().split(separator: ",").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            let shape = parts.filter { !$0.isEmpty }.map { Int($0) ?? -1 }
            guard shape.allSatisfy({ $0 >= 0 }) else {
                throw ArrayError("shape \(extents[...end])", allowed: "whole numbers from 0")
            }
            self.shape = shape
            numbers = try Self.numbers(type)
        }

        private static func numbers(_ type: Substring) throws(ArrayError) -> PackedNumbers {
            let quoted = type.first.map { $0 == "'" || $0 == "\"" } ?? false
            let name = quoted ? String(type.dropFirst().prefix { $0 != "'" && $0 != "\"" }) : ""
            let kinds: [String: ArrayElement] = [
                "b1": .bool, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "i1": .int8, "i2": .int16,
                "i4": .int32, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
            ]
            guard let order = name.first, "<>|=".contains(order), let element = kinds[String(name.dropFirst())] else {
                throw ArrayError(
                    "numbers of type \(quoted ? "'\(name)'" : "that are a record")",
                    allowed: "floats, integers or bytes: array.astype(numpy.float32)")
            }
            return PackedNumbers(element, isBigEndian: order == ">")
        }
    }
}

extension PackedNumbers {
    /// The bytes that an array takes.
    func byteCount(of shape: [Int]) throws(ArrayError) -> Int {
        var bytes = element.size
        for extent in shape {
            let product = bytes.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !product.overflow else {
                throw ArrayError("shape \(shape)", allowed: "one that fits a file")
            }
            bytes = product.partialValue
        }
        return bytes
    }
}
