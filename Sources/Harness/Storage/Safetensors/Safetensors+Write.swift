import Foundation

/// A tensor to be written.
package struct NamedTensor: Hashable, Sendable {
    let name: String
    let shape: [Int]
    /// The numbers, as many as the shape has elements, row by row.
    let values: [Float]

    package init(_ name: String, _ shape: [Int], _ values: [Float]) {
        precondition(
            shape.reduce(1, *) == values.count, "\(name): \(values.count) values do not fill shape \(shape)")
        (self.name, self.shape, self.values) = (name, shape, values)
    }
}

extension Safetensors {
    /// Writes a file of float32 tensors, whole or not at all, in the order of their names.
    /// - Parameters:
    ///   - metadata: keys and texts; the content's hash is added under `hashKey`.
    ///   - isDurable: false leaves it to the caller to bring the file to the disk.
    /// - Throws: `FileError`.
    package static func write(
        _ tensors: [NamedTensor], metadata: [(key: String, value: String)], hashKey: String, to path: String,
        isDurable: Bool = true
    ) throws {
        let tensors = tensors.sorted { $0.name < $1.name }
        let hash = hash(of: tensors, metadata)
        let header = try header(tensors, metadata + [(hashKey, hash)])
        try AtomicFile.write(to: path, isDurable: isDurable) { temporary in
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
            defer { try? handle.close() }
            do {
                try handle.write(contentsOf: header)
                for tensor in tensors {
                    try pieces(of: tensor) { try handle.write(contentsOf: $0) }
                }
            } catch {
                throw FileError(path: path, attempt: "write the file", reason: systemText(of: error))
            }
        }
    }

    private static func hash(of tensors: [NamedTensor], _ metadata: [(key: String, value: String)]) -> String {
        let type = SafetensorsHeader.ElementType.float32.rawValue
        var hash = SafetensorsHash(metadata: metadata, shapes: tensors.map { ($0.name, type, $0.shape) })
        for tensor in tensors { pieces(of: tensor) { hash.update([UInt8]($0)) } }
        return hash.finish()
    }

    /// The numbers of a tensor as they lie in the file, a megabyte at a time.
    private static func pieces(of tensor: NamedTensor, _ use: (Data) throws -> Void) rethrows {
        let size = SafetensorsHeader.ElementType.float32.size, step = SafetensorsHash.piece / size
        for start in stride(from: 0, to: tensor.values.count, by: step) {
            let part = tensor.values[start..<min(start + step, tensor.values.count)].map(\.bitPattern.littleEndian)
            try use(part.withUnsafeBytes { Data($0) })
        }
    }

    private static func header(_ tensors: [NamedTensor], _ metadata: [(key: String, value: String)]) throws -> Data {
        struct Entry: Encodable {
            let dtype: String
            let shape, offsets: [Int]

            enum CodingKeys: String, CodingKey {
                case dtype, shape
                case offsets = "data_offsets"
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var entries: [String: Entry] = [:]
        var end = 0
        for tensor in tensors {
            let start = end
            end += tensor.values.count * SafetensorsHeader.ElementType.float32.size
            entries[tensor.name] = Entry(
                dtype: SafetensorsHeader.ElementType.float32.rawValue, shape: tensor.shape, offsets: [start, end])
        }
        // Sorted by the encoder, so that the same content is the same file.
        let said = try encoder.encode(Dictionary(uniqueKeysWithValues: metadata.map { ($0.key, $0.value) }))
        var json = Data("{\"__metadata__\":".utf8) + said
        if !entries.isEmpty {
            json += Data(",".utf8) + (try encoder.encode(entries)).dropFirst()
        } else {
            json += Data("}".utf8)
        }
        json += Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
        let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
        return length + json
    }
}
