import Foundation

/// The header of a safetensors file: metadata, and each tensor's name, type, shape and place.
///
/// The file is the header's length (8 bytes, little-endian), the header in JSON, padded with spaces to a multiple of
/// 8, and the numbers, row by row, without a gap (https://huggingface.co/docs/safetensors).
struct SafetensorsHeader: Sendable {
    /// In the order of the names.
    let metadata: [(key: String, value: String)]
    /// In the order in which they lie in the file.
    let entries: [Entry]
    /// The offset of the numbers in bytes from the start of the file.
    let dataStart: Int

    struct Entry: Hashable, Sendable {
        let name: String
        /// The type as the file names it.
        let dtype: String
        let shape: [Int]
        /// The bytes of the tensor from the start of the numbers.
        let range: Range<Int>

        /// Nil for numbers that no model of ours is made of.
        var type: ElementType? { ElementType(rawValue: dtype) }
    }

    enum ElementType: String, Hashable, Sendable, CaseIterable {
        case float64 = "F64"
        case float32 = "F32"
        case float16 = "F16"
        case brainFloat16 = "BF16"

        var size: Int {
            switch self {
            case .float64: 8
            case .float32: 4
            case .float16, .brainFloat16: 2
            }
        }
    }

    /// Bytes of a number of each type that the format knows and that has whole bytes.
    private static let sizes = [
        "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2,
        "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
    ]

    /// The largest length of a header, by the reference implementation.
    static let largestLength = 100_000_000

    /// Reads and checks the header of a whole file.
    /// - Throws: `CheckpointError` with the fault.
    init(_ file: Data, path: String) throws {
        func refusal(_ found: String, _ allowed: String) -> CheckpointError {
            CheckpointError(path: path, place: "the header", found: found, allowed: allowed)
        }
        guard file.count >= 8 else {
            throw CheckpointError(path: path, found: "\(file.count) bytes", allowed: "a safetensors file of at least 8")
        }
        let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(file[file.startIndex + $1]) << (8 * $1) }
        guard length <= UInt64(Self.largestLength) else {
            throw refusal("a length of \(length)", "at most \(Self.largestLength): is it a safetensors file?")
        }
        guard file.count >= 8 + Int(length) else {
            throw refusal("\(file.count - 8) bytes", "\(length), as the file says: it is cut off")
        }
        let content: Content
        do { content = try JSONDecoder().decode(Content.self, from: file.dropFirst(8).prefix(Int(length))) } catch {
            throw refusal("no JSON of a safetensors file", "names with dtype, shape and data_offsets")
        }
        metadata = content.metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        dataStart = 8 + Int(length)
        entries = try content.tensors.map { try Self.entry($0, $1, path: path) }.sorted {
            ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
        }
        try checkCover(of: file.count - dataStart, path: path)
    }

    private static func entry(_ name: String, _ said: Content.Tensor, path: String) throws -> Entry {
        func refusal(_ found: String, _ allowed: String) -> CheckpointError {
            CheckpointError(path: path, place: "tensor '\(name)'", found: found, allowed: allowed)
        }
        // For other types, which only unused tensors may have, only the place is checked.
        let size = sizes[said.dtype]
        let offsets = said.offsets
        guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
            throw refusal("data_offsets \(offsets)", "two ascending numbers from 0")
        }
        var bytes = size ?? 1
        for extent in said.shape {
            let product = bytes.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !product.overflow else {
                throw refusal("shape \(said.shape)", "extents that fit a file")
            }
            bytes = product.partialValue
        }
        guard size == nil || bytes == offsets[1] - offsets[0] else {
            throw refusal(
                "\(offsets[1] - offsets[0]) bytes", "\(bytes), as shape \(said.shape) of \(said.dtype) has")
        }
        return Entry(name: name, dtype: said.dtype, shape: said.shape, range: offsets[0]..<offsets[1])
    }

    /// Refuses tensors that overlap, leave a gap, or end elsewhere than the file does.
    private func checkCover(of count: Int, path: String) throws {
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                let problem = entry.range.lowerBound < end ? "overlaps the one before it" : "has a gap before it"
                throw CheckpointError(
                    path: path, place: "tensor '\(entry.name)'",
                    found: "a beginning at \(entry.range.lowerBound), which \(problem)",
                    allowed: "\(end)")
            }
            end = entry.range.upperBound
        }
        guard end == count else {
            throw CheckpointError(
                path: path, found: "\(count) bytes of numbers", allowed: "\(end), as the header says")
        }
    }

    /// The JSON object of the header.
    private struct Content: Decodable {
        var metadata: [String: String] = [:]
        var tensors: [(String, Tensor)] = []

        struct Tensor: Decodable {
            let dtype: String
            let shape: [Int]
            let offsets: [Int]

            enum CodingKeys: String, CodingKey {
                case dtype, shape
                case offsets = "data_offsets"
            }
        }

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for name in container.allKeys {
                if name.stringValue == "__metadata__" {
                    metadata = try container.decode([String: String].self, forKey: name)
                } else {
                    tensors.append((name.stringValue, try container.decode(Tensor.self, forKey: name)))
                }
            }
        }
    }
}
