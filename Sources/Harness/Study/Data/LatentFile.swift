import FlowMaps
import Specification
import Storage

/// Latents of images in an HDF5 file, written by an encoder elsewhere; `DatasetSource.latents` describes the layout.
struct LatentFile: StoredData {
    static let name = "latents"
    let image: ImageShape
    let count: Int
    let labels: [Int]?
    let classCount: Int
    let parts: [(role: String, identity: Identity)]
    private let place: DataPlace
    /// One number a channel each.
    private let shift, scale: [Double]

    init(file: DataPath) throws {
        let place = DataPlace(key: "latents.file", path: file.text)
        // First, since its error for a missing file is the one of other formats.
        parts = [("file", try DataFile.identity(of: place))]
        let read = try Self.reading(place) { root in
            let latents = try root.dataset("latents")
            let shape = latents.shape
            guard shape.count == 4, shape.allSatisfy({ $0 > 0 }), case .float = latents.stored else {
                throw place.error(
                    "'latents' \(shape) of \(latents.stored)", allowed: "floats [count, channels, height, width]")
            }
            for name in ["scale", "shift"] where try root.attributeNames().contains(name) {
                throw place.error("the attribute '\(name)' of the file", allowed: "it as an attribute of 'latents'")
            }
            let (labels, classes) = try Self.labels(root, count: shape[0], place)
            return (
                shape, labels, classes, try Self.numbers("shift", of: latents, count: shape[1], absent: 0, place),
                try Self.numbers("scale", of: latents, count: shape[1], absent: 1, place)
            )
        }
        (labels, classCount, shift, scale) = (read.1, read.2, read.3, read.4)
        (count, image) = (read.0[0], ImageShape(channels: read.0[1], height: read.0[2], width: read.0[3]))
        self.place = place
        if let wrong = scale.firstIndex(of: 0) {
            throw place.error("scale 0 of channel \(wrong)", allowed: "a number that is not 0")
        }
    }

    func samples() throws -> [Float] {
        let stored = try Self.reading(place) { root in
            let latents = try root.dataset("latents")
            guard case .float(bytes: ...4) = latents.stored else {
                return try latents.values(as: Double.self).values.map(Float.init)
            }
            return try latents.values(as: Float.self).values
        }
        let pixels = image.height * image.width
        if let wrong = stored.firstIndex(where: { !$0.isFinite }) {
            throw place.error(
                "\(stored[wrong]) in sample \(wrong / (image.channels * pixels)) of 'latents'",
                allowed: "finite numbers")
        }
        guard shift.contains(where: { $0 != 0 }) || scale.contains(where: { $0 != 1 }) else { return stored }
        return stored.indices.map { index in
            let channel = index / pixels % image.channels
            return Float((Double(stored[index]) - shift[channel]) * scale[channel])
        }
    }
}

extension LatentFile {
    /// Calls `body` with the root of the file; errors of HDF5 become errors of the data.
    private static func reading<Result>(_ place: DataPlace, _ body: (HDF5GroupReader) throws -> Result) throws -> Result
    {
        do { return try HDF5File.read(place.path, body) } catch let error as HDF5Error {
            throw place.error("no way to \(error.operation): \(error.detail)", allowed: layout)
        }
    }

    private static let layout =
        "an HDF5 file with floats 'latents' [count, channels, height, width] and, optionally, whole numbers 'labels' [count]"

    private static func labels(
        _ root: HDF5GroupReader, count: Int, _ place: DataPlace
    ) throws -> (labels: [Int]?, classes: Int) {
        guard try root.datasetNames().contains("labels") else { return (nil, 0) }
        let dataset = try root.dataset("labels")
        guard dataset.shape == [count] else {
            throw place.error("'labels' \(dataset.shape)", allowed: "[\(count)], one for each sample")
        }
        let labels = try dataset.values(as: Int.self).values
        var classes = labels.max()! + 1
        if try dataset.attributeNames().contains("classes") {
            guard case .integer(let stated) = try dataset.attribute("classes"), stated > 0 else {
                throw place.error("'classes' of 'labels' of another kind", allowed: "a whole number, at least 1")
            }
            classes = stated
        }
        if let wrong = labels.firstIndex(where: { $0 < 0 || $0 >= classes }) {
            throw place.error("label \(labels[wrong]) of sample \(wrong)", allowed: "from 0 to \(max(classes, 1) - 1)")
        }
        return (labels, classes)
    }

    /// An attribute that is a number for all channels or one for each.
    private static func numbers(
        _ name: String, of dataset: HDF5DatasetReader, count: Int, absent: Double, _ place: DataPlace
    ) throws -> [Double] {
        guard try dataset.attributeNames().contains(name) else { return Array(repeating: absent, count: count) }
        let numbers: [Double]? =
            switch try dataset.attribute(name) {
            case .double(let value): Array(repeating: value, count: count)
            case .integer(let value): Array(repeating: Double(value), count: count)
            case .doubles(let values): values
            case .floats(let values): values.map(Double.init)
            case .integers(let values): values.map(Double.init)
            case .string, .strings, .boolean: nil
            }
        guard let numbers, numbers.count == count, numbers.allSatisfy(\.isFinite) else {
            throw place.error(
                "'\(name)' of 'latents' of another kind", allowed: "a finite number, or \(count), one a channel")
        }
        return numbers
    }
}
