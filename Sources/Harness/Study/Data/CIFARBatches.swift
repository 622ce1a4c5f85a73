import FlowMaps
import Specification

/// The binary batches of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of one or two labels and 3 × 32 × 32 bytes, channel by
/// channel, row by row.
struct CIFARBatches {
    let labels: [Int]
    let pixels: [UInt8]
    let parts: [(role: String, identity: Identity)]

    static let image = ImageShape(channels: 3, height: 32, width: 32)
    static let imageBytes = 3 * 32 * 32

    /// - Parameters:
    ///   - classes: of each label of a record.
    ///   - chosen: which of them is the sample's.
    init(files: [DataPath], key: String, classes: [Int], chosen: Int) throws {
        var labels: [Int] = [], pixels: [UInt8] = [], parts: [(String, Identity)] = []
        let recordBytes = classes.count + Self.imageBytes
        for path in files {
            let place = DataPlace(key: key, path: path.text)
            let file = try DataFile(place)
            guard !file.bytes.isEmpty, file.bytes.count.isMultiple(of: recordBytes) else {
                throw place.error(
                    "\(file.bytes.count) bytes",
                    allowed: "records of \(classes.count == 1 ? "a label" : "two labels") and 3,072 pixels, "
                        + "\(recordBytes) bytes")
            }
            for start in stride(from: 0, to: file.bytes.count, by: recordBytes) {
                for (index, count) in classes.enumerated() where Int(file.bytes[start + index]) >= count {
                    throw place.error(
                        "label \(file.bytes[start + index]) of record \(start / recordBytes)",
                        allowed: "from 0 to \(count - 1)")
                }
                labels.append(Int(file.bytes[start + chosen]))
                pixels += file.bytes[(start + classes.count)..<(start + recordBytes)]
            }
            parts.append(("batch", file.identity))
        }
        (self.labels, self.pixels, self.parts) = (labels, pixels, parts)
    }
}

/// CIFAR-10: one label in 0...9.
struct CIFAR10Batches: StoredData {
    static let name = "cifar10"
    let image = CIFARBatches.image
    let classCount = 10
    private let batches: CIFARBatches

    init(files: [DataPath]) throws {
        batches = try CIFARBatches(files: files, key: "cifar10.files", classes: [10], chosen: 0)
    }

    var count: Int { batches.labels.count }
    var labels: [Int]? { batches.labels }
    var parts: [(role: String, identity: Identity)] { batches.parts }
    func samples() -> [Float] { scaled(batches.pixels) }
}

/// CIFAR-100: a coarse label in 0...19 and a fine one in 0...99.
struct CIFAR100Batches: StoredData {
    static let name = "cifar100"
    let image = CIFARBatches.image
    let classCount: Int
    let parts: [(role: String, identity: Identity)]
    private let batches: CIFARBatches

    init(files: [DataPath], labels: CIFAR100Labels) throws {
        let isFine = labels == .fine
        batches = try CIFARBatches(files: files, key: "cifar100.files", classes: [20, 100], chosen: isFine ? 1 : 0)
        classCount = isFine ? 100 : 20
        parts = batches.parts + [("labels", Identity(hashing: Array(labels.rawValue.utf8)))]
    }

    var count: Int { batches.labels.count }
    var labels: [Int]? { batches.labels }
    func samples() -> [Float] { scaled(batches.pixels) }
}
