import FlowMaps
import Specification
import Storage

/// One array of a file as a data set; `ArrayFormat` describes the layouts.
struct ArrayData: StoredAsArray {
    static let name = "arrays"
    let stored: StoredSamples
    let labels: [Int]?
    let classCount: Int
    let parts: [(role: String, identity: Identity)]
    let isPixels: Bool?

    /// The part of a file that is used, and its interpretation.
    struct Choice {
        var dataset: String?
        var labels: String?
        var labelFile: DataPath?
        var layout: ArrayLayout?
        var classes: Int?
        var shift: Double?
        var scale: Double?
    }

    init(file: DataPath, _ choice: Choice) throws {
        let place = DataPlace(key: "arrays.file", path: file.text)
        // First, as it says of a file that is not there what others say.
        let identity = try DataFile.identity(of: place)
        let opened = try Self.said(place) { try ArrayFile(place.path) }
        let array = try Self.said(place) { try opened.array(choice.dataset) }
        let isPixels = array.element == .uint8
        self.isPixels = isPixels
        guard !isPixels || (choice.shift == nil && choice.scale == nil) else {
            throw DataPlace(key: choice.scale == nil ? "arrays.shift" : "arrays.scale", path: file.text).error(
                "shift or scale of bytes", allowed: "none, as bytes are pixels: p / 127.5 − 1")
        }
        stored = try StoredSamples(
            array, layout: choice.layout, isPixels: isPixels, shift: [choice.shift ?? 0], scale: [choice.scale ?? 1],
            place)
        let labelled = try ArrayLabels(choice, in: opened, place, count: stored.count)
        (labels, classCount) = (labelled?.values, labelled?.classes ?? 0)
        let isWhole = array.isSelfContained && labelled?.isSelfContained != false
        let content =
            isWhole ? identity : try Self.said(place) { [labels] in try Self.valuesIdentity(array, labels) }
        parts =
            [("file", content)] + (labelled?.fileIdentity.map { [("labels", $0)] } ?? [])
            + Self.choiceParts(choice, stored)
    }

    /// A hash of the numbers read, for those that are not in the file itself.
    static func valuesIdentity(_ array: StoredArray, _ labels: [Int]?) throws -> Identity {
        var hash = SHA256()
        for block in array.blocks() {
            try array.floats(block).withUnsafeBytes { hash.update(Array($0)) }
        }
        for label in labels ?? [] { withUnsafeBytes(of: Int64(label).littleEndian) { hash.update(Array($0)) } }
        return Identity(digest: hash.finish())
    }

    /// The choice within a file decides the samples, as the file does.
    private static func choiceParts(
        _ choice: Choice, _ stored: StoredSamples
    ) -> [(role: String, identity: Identity)] {
        func part(_ role: String, _ value: (some CustomStringConvertible)?) -> [(role: String, identity: Identity)] {
            value.map { [(role, Identity(hashing: Array("\($0)".utf8)))] } ?? []
        }
        return part("dataset", stored.array.name) + part("labels", choice.labels) + stored.layoutParts
            + part("shift", choice.shift) + part("scale", choice.scale)
    }

    /// Turns errors of a file of arrays into errors of the data.
    static func said<Result>(_ place: DataPlace, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as ArrayError {
            throw place.error(error.found, allowed: error.allowed)
        } catch let error as HDF5Error {
            throw place.error("no way to \(error.operation): \(error.detail)", allowed: "a file that can be read")
        } catch let error as InputError {
            throw place.error("no readable file (\(error.reason))", allowed: "a file")
        } catch let error as CheckpointError {
            throw place.error("\(error.place.map { "\($0): " } ?? "")\(error.found)", allowed: error.allowed)
        }
    }
}
