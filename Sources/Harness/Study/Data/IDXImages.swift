import FlowMaps
import Specification
import Storage

/// Images and labels in IDX files, plain or gzip, as MNIST and Fashion-MNIST come.
struct IDXImages: StoredAsArray {
    static let name = "idx"
    let stored: StoredSamples
    let labels: [Int]?
    let classCount: Int
    let parts: [(role: String, identity: Identity)]
    let isPixels: Bool?

    init(images: DataPath, labels: DataPath?, classes: Int?, layout: ArrayLayout? = nil) throws {
        let place = DataPlace(key: "idx.images", path: images.text)
        let (array, identity) = try Self.read(place, ranks: 3...4, Self.imagesAllowed)
        guard array.shape.allSatisfy({ $0 > 0 }) else {
            throw place.error("images \(array.shape)", allowed: "at least one image of at least one pixel")
        }
        let isBytes = array.element == .uint8
        // Where they are bytes nothing is said: so it was before others were read.
        isPixels = isBytes ? nil : false
        stored = try StoredSamples(array, layout: layout, isPixels: isBytes, place)
        let own = [("images", identity)], way = stored.layoutParts
        guard let labels else {
            (self.labels, classCount, parts) = (nil, 0, own + way)
            return
        }
        let labelled = try Self.labels(
            DataPlace(key: "idx.labels", path: labels.text), count: stored.count, classes: classes)
        (self.labels, classCount) = (labelled.values, labelled.classes)
        parts = own + [("labels", labelled.identity)] + way
    }

    private static let imagesAllowed =
        "images [count, height, width], or of four axes as layout says, in IDX, plain or gzip"

    private static func labels(
        _ place: DataPlace, count: Int, classes: Int?
    ) throws -> (values: [Int], classes: Int, identity: Identity) {
        let (array, identity) = try read(place, ranks: 1...1, "labels [count] in IDX, plain or gzip")
        guard array.count == count else {
            throw place.error("\(array.count) labels", allowed: "\(count), one for each image")
        }
        let read = try ArrayLabels.read(array, count: count, stated: classes, place)
        return (read.values, read.classes, identity)
    }

    private static func read(
        _ place: DataPlace, ranks: ClosedRange<Int>, _ allowed: String
    ) throws -> (StoredArray, Identity) {
        let file = try DataFile(place)
        let array = try ArrayData.said(place) { try IDXArray.read(file.bytes, allowed: allowed) }
        guard ranks.contains(array.shape.count) else { throw place.error("an array \(array.shape)", allowed: allowed) }
        return (array, file.identity)
    }
}
