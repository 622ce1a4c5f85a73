import FlowMaps
import Specification

/// The binary batches of CIFAR-10 (Krizhevsky 2009): records of a label and 3 × 32 × 32 bytes, channel by channel, row by row.
struct CIFAR10Batches: StoredData {
    static let name = "cifar10"
    let image = ImageShape(channels: 3, height: 32, width: 32)
    let classCount = 10
    let labels: [Int]?
    let parts: [(role: String, identity: Identity)]
    private let pixels: [UInt8]

    private static let imageBytes = 3 * 32 * 32
    private static let recordBytes = 1 + imageBytes

    var count: Int { pixels.count / Self.imageBytes }

    func samples() -> [Float] { scaled(pixels) }

    init(files: [DataPath]) throws {
        var labels: [Int] = [], pixels: [UInt8] = [], parts: [(String, Identity)] = []
        for path in files {
            let place = DataPlace(key: "cifar10.files", path: path.text)
            let file = try DataFile(place)
            try Self.check(file.bytes, place)
            for start in stride(from: 0, to: file.bytes.count, by: Self.recordBytes) {
                labels.append(Int(file.bytes[start]))
                pixels += file.bytes[(start + 1)..<(start + Self.recordBytes)]
            }
            parts.append(("batch", file.identity))
        }
        (self.labels, self.pixels, self.parts) = (labels, pixels, parts)
    }

    private static func check(_ bytes: [UInt8], _ place: DataPlace) throws {
        guard !bytes.isEmpty, bytes.count.isMultiple(of: recordBytes) else {
            throw place.error(
                "\(bytes.count) bytes", allowed: "records of a label and 3,072 pixels, \(recordBytes) bytes")
        }
        for (index, start) in stride(from: 0, to: bytes.count, by: recordBytes).enumerated() where bytes[start] > 9 {
            throw place.error("label \(bytes[start]) of record \(index)", allowed: "from 0 to 9")
        }
    }
}
