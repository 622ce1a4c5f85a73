import FlowMaps
import Foundation
import Specification
import Storage

/// PNG and JPEG files in a folder, or in folders that are their classes; the order is that of the names.
struct ImageFolder: StoredData {
    static let name = "images"
    let image: ImageShape
    let labels: [Int]?
    let classCount: Int
    let parts: [(role: String, identity: Identity)]
    let notes: [String]
    /// Image by image, channel by channel, row by row.
    let pixels: [UInt8]
    private let files: Int

    var count: Int { files }

    func samples() -> [Float] { scaled(pixels) }

    /// - Parameters:
    ///   - size: the side of the squares that images are cropped and resampled to; nil takes them as they are, all of one size.
    ///   - background: lies behind pixels that are not opaque; nil refuses these.
    init(folder: DataPath, size: Int? = nil, background: ImageBackground? = nil) throws {
        let place = DataPlace(key: "images.folder", path: folder.text)
        let listing = try ImageListing(place)
        let reader = ImageReader(size: size, background: background)
        var pictures = PicturePile(), parts: [(String, Identity)] = []
        for file in listing.files {
            let (picture, identity) = try reader.picture(place.appending(file.path))
            try pictures.append(picture, place.appending(file.path))
            parts.append((file.path, identity))
        }
        (image, pixels) = pictures.images()
        self.parts = parts + reader.choiceParts
        (labels, classCount) = (listing.classes.isEmpty ? nil : listing.files.map(\.label), listing.classes.count)
        files = listing.files.count
        notes = listing.notes + pictures.notes
    }
}

/// Reads one picture of a folder.
private struct ImageReader {
    let size: Int?
    let background: ImageBackground?

    /// The settings that decide the samples besides the files.
    var choiceParts: [(String, Identity)] {
        func part(_ role: String, _ text: String?) -> [(String, Identity)] {
            text.map { [(role, Identity(hashing: Array($0.utf8)))] } ?? []
        }
        // With a NUL, which no file's name has.
        return part("size\0", size.map { "\($0)" })
            + part("background\0", background.map { "\($0.red) \($0.green) \($0.blue)" })
    }

    func picture(_ place: DataPlace) throws -> (PNGImage, Identity) {
        let file = try DataFile(place, expanding: false)
        let colour = background.map { (UInt8(clamping: $0.red), UInt8(clamping: $0.green), UInt8(clamping: $0.blue)) }
        do throws(PictureError) {
            let picture = try PictureFile.decoded(file.bytes, background: colour)
            return (size.map { picture.centreCropped(to: $0) } ?? picture, file.identity)
        } catch {
            throw place.error(
                error.detail,
                allowed: error == .transparent
                    ? "opaque ones, or what lies behind them: background: white, black, or [red, green, blue]"
                    : "a whole PNG or JPEG file of at most \(PictureFile.largestCount) pixels")
        }
    }
}

/// Pictures of one size one after the other; grey ones among coloured ones become coloured.
private struct PicturePile {
    private var first: (path: String, width: Int, height: Int)?
    /// [height, width, channels] each.
    private var pictures: [(pixels: [UInt8], color: PNGImage.Color)] = []

    mutating func append(_ picture: PNGImage, _ place: DataPlace) throws {
        if let first, (first.width, first.height) != (picture.width, picture.height) {
            throw place.error(
                "\(picture.width) × \(picture.height) pixels",
                allowed: "\(first.width) × \(first.height) as in \(first.path), or size: to crop and resample all")
        }
        first = first ?? (place.path, picture.width, picture.height)
        pictures.append((picture.pixels, picture.color))
    }

    private var greyCount: Int { pictures.count { $0.color == .grey } }
    private var isColoured: Bool { pictures.contains { $0.color == .rgb } }

    var notes: [String] {
        isColoured && greyCount > 0
            ? [
                "\(greyCount) grey \(greyCount == 1 ? "image" : "images") among coloured ones taken as red = green = blue"
            ] : []
    }

    /// The shape of all, and [count, channels, height, width].
    func images() -> (ImageShape, [UInt8]) {
        guard let first else { preconditionFailure("a folder without images is refused before") }
        let channels = isColoured ? 3 : 1, size = first.width * first.height
        var result = [UInt8](repeating: 0, count: pictures.count * channels * size)
        for (index, picture) in pictures.enumerated() {
            let stored = picture.color.channels
            for channel in 0..<channels {
                let start = (index * channels + channel) * size, from = min(channel, stored - 1)
                for pixel in 0..<size { result[start + pixel] = picture.pixels[pixel * stored + from] }
            }
        }
        return (ImageShape(channels: channels, height: first.height, width: first.width), result)
    }
}

extension ImageShape: CustomStringConvertible {
    /// "[1, 28, 28]": channels, height, width.
    public var description: String { "[\(channels), \(height), \(width)]" }
}
