import FlowMaps
import Specification

/// Images and labels in IDX files, plain or gzip, as MNIST and Fashion-MNIST come.
struct IDXImages: StoredData {
    static let name = "idx"
    let image: ImageShape
    let labels: [Int]?
    let classCount: Int
    let parts: [(role: String, identity: Identity)]
    private let pixels: [UInt8]

    var count: Int { pixels.count / (image.height * image.width) }

    func samples() -> [Float] { scaled(pixels) }

    init(images: DataPath, labels: DataPath?, classes: Int?) throws {
        let place = DataPlace(key: "idx.images", path: images.text)
        let (file, identity) = try Self.read(place, rank: 3, "images [count, height, width]")
        guard !file.values.isEmpty else {
            throw place.error("images \(file.shape)", allowed: "at least one image of at least one pixel")
        }
        image = ImageShape(channels: 1, height: file.shape[1], width: file.shape[2])
        pixels = file.values
        guard let labels else {
            (self.labels, classCount, parts) = (nil, 0, [("images", identity)])
            return
        }
        let labelled = try Self.labels(
            DataPlace(key: "idx.labels", path: labels.text), count: file.shape[0], classes: classes)
        (self.labels, classCount) = (labelled.values, labelled.classes)
        parts = [("images", identity), ("labels", labelled.identity)]
    }

    private static func labels(
        _ place: DataPlace, count: Int, classes: Int?
    ) throws -> (values: [Int], classes: Int, identity: Identity) {
        let (file, identity) = try read(place, rank: 1, "labels [count]")
        guard file.values.count == count else {
            throw place.error("\(file.values.count) labels", allowed: "\(count), one for each image")
        }
        let values = file.values.map(Int.init), classes = classes ?? values.max()! + 1
        if let wrong = values.firstIndex(where: { $0 >= classes }) {
            throw place.error("label \(values[wrong]) of sample \(wrong)", allowed: "from 0 to \(classes - 1)")
        }
        return (values, classes, identity)
    }

    private static func read(_ place: DataPlace, rank: Int, _ kind: String) throws -> (IDX, Identity) {
        let allowed = "\(kind), unsigned bytes in IDX, plain or gzip"
        let file = try DataFile(place)
        let idx: IDX
        do throws(IDXError) { idx = try IDX.read(file.bytes, file: place.path) } catch {
            throw place.error(error.problem, allowed: allowed)
        }
        guard idx.shape.count == rank else { throw place.error("an array \(idx.shape)", allowed: allowed) }
        return (idx, file.identity)
    }
}
