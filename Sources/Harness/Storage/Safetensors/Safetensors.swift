import Foundation
import Specification

/// A file of named tensors in the safetensors format, read lazily.
package struct Safetensors {
    package let path: String
    let header: SafetensorsHeader
    private let file: Data

    /// Opens a file and checks its header against its size; numbers are read on request.
    /// - Throws: `InputError` where it cannot be read, `CheckpointError` where it is damaged.
    package init(_ path: String) throws {
        self.path = path
        if let fault = RegularFile.fault(of: path) {
            throw InputError(path: path, attempt: "read the checkpoint", reason: fault)
        }
        do { file = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
            throw InputError(path: path, attempt: "read the checkpoint", reason: systemText(of: error))
        }
        header = try SafetensorsHeader(file, path: path)
    }

    /// Bytes of the file.
    package var byteCount: Int { file.count }

    package var names: [String] { header.entries.map(\.name) }

    /// The metadata under a key.
    package func metadata(_ key: String) -> String? { header.metadata.first { $0.key == key }?.value }

    /// The shape of a tensor; nil where there is none of the name.
    package func shape(_ name: String) -> [Int]? { header.entries.first { $0.name == name }?.shape }

    /// The stored type of a tensor, such as "BF16"; nil where there is none of the name.
    package func type(_ name: String) -> String? { header.entries.first { $0.name == name }?.dtype }

    /// The numbers of a tensor in float32, rounded where they were float64.
    /// - Throws: `CheckpointError` where there is none of the name, or it has another shape.
    package func values(_ name: String, shape: [Int]) throws -> [Float] {
        guard let entry = header.entries.first(where: { $0.name == name }) else {
            throw CheckpointError(
                path: path, found: "no tensor '\(name)'", allowed: "one of shape \(shape)",
                nearest: nearestName(to: name, among: names))
        }
        guard entry.shape == shape else {
            throw CheckpointError(
                path: path, place: "tensor '\(name)'", found: "shape \(entry.shape)", allowed: "\(shape)")
        }
        return try numbers(entry)
    }

    private func numbers(_ entry: SafetensorsHeader.Entry) throws -> [Float] {
        let element: ArrayElement
        switch entry.type {
        case .float64: element = .float64
        case .float32: element = .float32
        case .float16: element = .float16
        case .brainFloat16: element = .bfloat16
        case nil:
            throw CheckpointError(
                path: path, place: "tensor '\(entry.name)'", found: "dtype '\(entry.dtype)'",
                allowed: SafetensorsHeader.ElementType.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return bytes(of: entry).withUnsafeBytes { PackedNumbers(element).floats($0) }
    }

    /// The numbers of a tensor as they lie in the file.
    func bytes(of entry: SafetensorsHeader.Entry) -> Data {
        let start = file.startIndex + header.dataStart
        return file[start + entry.range.lowerBound..<start + entry.range.upperBound]
    }

    /// The hash of the content: metadata except those in `leaving`, names and shapes, and numbers; 64 hexadecimal
    /// digits.
    package func hash(leaving: [String]) -> String {
        var hash = SafetensorsHash(
            metadata: header.metadata.filter { !leaving.contains($0.key) },
            shapes: header.entries.map { ($0.name, $0.dtype, $0.shape) })
        var rest = file.dropFirst(header.dataStart)
        while !rest.isEmpty {
            hash.update([UInt8](rest.prefix(SafetensorsHash.piece)))
            rest = rest.dropFirst(SafetensorsHash.piece)
        }
        return hash.finish()
    }
}

/// The hash of a file's content as it is made, and as it is read.
struct SafetensorsHash: ~Copyable {
    private var hash = SHA256()
    /// Bytes at a time, a multiple of 4.
    static let piece = 1 << 20

    init(metadata: [(key: String, value: String)], shapes: [(name: String, type: String, shape: [Int])]) {
        // Lengths before texts, so that no two contents run together.
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { add([key, value]) }
        for (name, type, shape) in shapes { add([name, type, "\(shape)"]) }
    }

    private mutating func add(_ texts: [String]) {
        for text in texts { hash.update(Array("\(text.utf8.count):\(text)".utf8)) }
    }

    mutating func update(_ bytes: [UInt8]) { hash.update(bytes) }

    mutating func finish() -> String {
        hash.finish().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }
}
