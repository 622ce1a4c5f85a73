import Foundation

extension Safetensors {
    private static let elements: [String: ArrayElement] = [
        "BOOL": .bool, "U8": .uint8, "U16": .uint16, "U32": .uint32, "U64": .uint64, "I8": .int8, "I16": .int16,
        "I32": .int32, "I64": .int64, "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
    ]

    /// A tensor as an array of data.
    /// - Throws: `ArrayError` where there is none of the name, or where its numbers are of a kind that is not read.
    func array(_ name: String) throws(ArrayError) -> StoredArray {
        guard let entry = header.entries.first(where: { $0.name == name }) else {
            throw ArrayError("no tensor '\(name)'", allowed: "a name of the file")
        }
        guard let element = Self.elements[entry.dtype] else {
            throw ArrayError("'\(name)' of \(entry.dtype)", allowed: "floats, integers or bytes")
        }
        return StoredArray(
            name: name, element: element, shape: entry.shape,
            source: PackedRows(bytes(of: entry), PackedNumbers(element)))
    }
}
