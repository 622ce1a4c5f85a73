import FlowMaps
import Specification

/// The files of a data set, opened and checked without reading samples.
package protocol StoredData {
    /// The name of the set: "idx".
    static var name: String { get }
    /// The shape of a sample.
    var image: ImageShape { get }
    /// The number of samples, at least 1.
    var count: Int { get }
    /// The class of each sample in `0 ..< classCount`, `[count]`.
    var labels: [Int]? { get }
    /// The number of classes; 0 without labels.
    var classCount: Int { get }
    /// The role of each file, and the hash of its bytes.
    var parts: [(role: String, identity: Identity)] { get }
    /// The numbers are bytes of images, where the format does not decide it; nil where it does.
    var isPixels: Bool? { get }
    /// Further remarks on the files: "2 files skipped that are no images".
    var notes: [String] { get }
    /// The samples, row-major `[count × dimension]`, scaled.
    func samples() throws -> [Float]
    /// Gives `body` the samples in their order, some at a time.
    func forEachBlock(_ body: ([Float]) throws -> Void) throws
}

extension StoredData {
    var isPixels: Bool? { nil }
    var notes: [String] { [] }
    func forEachBlock(_ body: ([Float]) throws -> Void) throws { try body(try samples()) }
}

extension StoredData {
    /// The content of the files.
    var content: DataContent {
        let parts = parts.map { CanonicalValue.sequence([.string($0.role), .string($0.identity.hex)]) }
        let identity = Identity(of: .mapping([.init("format", .string(Self.name)), .init("parts", .sequence(parts))]))
        return DataContent(identity: identity.hex, count: count, image: image, classes: classCount, pixels: isPixels)
    }

    func dataset(valueRange: ClosedRange<Float>?) throws -> Dataset {
        Dataset(
            name: Self.name, samples: try samples(), dimension: image.channels * image.height * image.width,
            labels: labels, classCount: classCount,
            imageShape: content.isPoints && Self.name == ArrayData.name ? nil : image,
            valueRange: valueRange)
    }
}

/// The bytes of images in [-1, 1]: p / 127.5 − 1, so that 0 and 255 are the ends exactly.
func scaled(_ pixels: [UInt8]) -> [Float] {
    let table = (0...255).map { Float($0) / 127.5 - 1 }
    return pixels.map { table[Int($0)] }
}
