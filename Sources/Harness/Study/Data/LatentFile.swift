import FlowMaps
import Specification
import Storage

/// Latents of images in an HDF5 file, written by an encoder elsewhere; `LatentFormat` describes the layout.
struct LatentFile: StoredAsArray {
    static let name = "latents"
    let stored: StoredSamples
    let labels: [Int]?
    let classCount: Int
    let parts: [(role: String, identity: Identity)]

    init(file: DataPath, layout: ArrayLayout? = nil) throws {
        let place = DataPlace(key: "latents.file", path: file.text)
        // First, since its error for a missing file is the one of other formats.
        let identity = try DataFile.identity(of: place)
        let found = try Self.reading(place) { root in try Self.found(root, layout, place) }
        (labels, classCount) = (found.labels?.values, found.labels?.classes ?? 0)
        if let wrong = found.scale.firstIndex(of: 0) {
            throw place.error("scale 0 of channel \(wrong)", allowed: "a number that is not 0")
        }
        stored = try StoredSamples(found.array, layout: layout, shift: found.shift, scale: found.scale, place)
        let isWhole = found.array.isSelfContained && found.areLabelsSelfContained
        let content =
            isWhole
            ? identity
            : try ArrayData.said(place) { try ArrayData.valuesIdentity(found.array, found.labels?.values) }
        parts = [("file", content)] + stored.layoutParts
    }
}

extension LatentFile {
    private struct Found {
        let array: StoredArray
        let labels: (values: [Int], classes: Int)?
        let areLabelsSelfContained: Bool
        let shift, scale: [Double]
    }

    private static func found(_ root: HDF5GroupReader, _ layout: ArrayLayout?, _ place: DataPlace) throws -> Found {
        let latents = try root.dataset("latents")
        let shape = latents.shape
        guard shape.count == 4, shape.allSatisfy({ $0 > 0 }), case .float = latents.stored else {
            throw place.error(
                "'latents' \(shape) of \(latents.stored)", allowed: "floats [count, channels, height, width]")
        }
        let extents = try ArrayExtents(shape, layout, place), channels = extents.image.channels
        for name in ["scale", "shift"] where try root.attributeNames().contains(name) {
            throw place.error("the attribute '\(name)' of the file", allowed: "it as an attribute of 'latents'")
        }
        let array = try ArrayData.said(place) { try StoredArray(hdf5: place.path, name: "latents") }
        let labels = try labels(root, count: shape[0], place)
        return Found(
            array: array, labels: labels.map { ($0.values, $0.classes) },
            areLabelsSelfContained: labels?.isSelfContained ?? true,
            shift: try numbers("shift", of: latents, count: channels, absent: 0, place),
            scale: try numbers("scale", of: latents, count: channels, absent: 1, place))
    }

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
    ) throws -> (values: [Int], classes: Int, isSelfContained: Bool)? {
        guard try root.datasetNames().contains("labels") else { return nil }
        let dataset = try root.dataset("labels")
        var stated: Int?
        if try dataset.attributeNames().contains("classes") {
            guard case .integer(let classes) = try dataset.attribute("classes"), classes > 0 else {
                throw place.error("'classes' of 'labels' of another kind", allowed: "a whole number, at least 1")
            }
            stated = classes
        }
        let array = try ArrayData.said(place) { try StoredArray(hdf5: place.path, name: "labels") }
        let (values, classes) = try ArrayLabels.read(array, count: count, stated: stated, place)
        return (values, classes, array.isSelfContained)
    }

    private static func numbersAllowed(_ count: Int) -> String { "a finite number, or \(count), one a channel" }

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
            throw place.error("'\(name)' of 'latents' of another kind", allowed: numbersAllowed(count))
        }
        return numbers
    }
}
