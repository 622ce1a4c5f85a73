import FlowMaps
import Foundation
import Specification
import Storage

/// PNG files of one size in a folder, or in sub-folders that are their classes; the order is that of the names.
struct ImageFolder: StoredData {
    static let name = "images"
    let image: ImageShape
    let labels: [Int]?
    let classCount: Int
    let parts: [(role: String, identity: Identity)]
    /// Image by image, channel by channel, row by row.
    private let pixels: [UInt8]

    var count: Int { parts.count }

    func samples() -> [Float] { scaled(pixels) }

    init(folder: DataPath) throws {
        let place = DataPlace(key: "images.folder", path: folder.text)
        let (names, classes) = try Self.names(in: place)
        var pixels: [UInt8] = [], parts: [(String, Identity)] = []
        var shape: ImageShape?
        for name in names.map(\.path) {
            let file = place.appending(name)
            let (picture, identity) = try Self.picture(file)
            let found = ImageShape(channels: picture.color.channels, height: picture.height, width: picture.width)
            if let shape, shape != found {
                throw file.error(found.description, allowed: "\(shape) as in \(place.appending(names[0].path).path)")
            }
            shape = found
            pixels += Self.channels(of: picture)
            parts.append((name, identity))
        }
        (image, self.pixels, self.parts) = (shape!, pixels, parts)
        (labels, classCount) = (classes.isEmpty ? nil : names.map(\.label), classes.count)
    }

    private static func picture(_ place: DataPlace) throws -> (PNGImage, Identity) {
        let file = try DataFile(place)
        do { return (try PNGImage.decoded(file.bytes).image, file.identity) } catch let error as PNGError {
            throw place.error(error.detail, allowed: "a PNG file of 8-bit grey or RGB pixels")
        }
    }

    /// [height, width, channels] → [channels, height, width].
    private static func channels(of picture: PNGImage) -> [UInt8] {
        let channels = picture.color.channels
        return (0..<channels).flatMap { channel in
            stride(from: channel, to: picture.pixels.count, by: channels).map { picture.pixels[$0] }
        }
    }
}

extension ImageFolder {
    /// The files with their classes, and the names of the classes: none where the files lie in the folder itself.
    private static func names(
        in place: DataPlace
    ) throws -> (files: [(path: String, label: Int)], classes: [String]) {
        let (files, folders) = try listing(of: place)
        guard files.isEmpty || folders.isEmpty else {
            throw place.error(
                "'\(files[0])' beside the folder '\(folders[0])'",
                allowed: "either PNG files or a folder for each class")
        }
        if folders.isEmpty {
            guard !files.isEmpty else { throw place.error("no PNG file", allowed: "at least one") }
            return (files.map { ($0, 0) }, [])
        }
        var result: [(String, Int)] = []
        for (label, folder) in folders.enumerated() {
            let (files, inner) = try listing(of: place.appending(folder))
            guard inner.isEmpty, !files.isEmpty else {
                throw place.appending(folder).error(
                    inner.first.map { "the folder '\($0)'" } ?? "no PNG file", allowed: "the PNG files of a class")
            }
            result += files.map { ("\(folder)/\($0)", label) }
        }
        return (result, folders)
    }

    /// The files and the folders directly in a folder, in the order of their names; hidden ones are left out.
    private static func listing(of place: DataPlace) throws -> (files: [String], folders: [String]) {
        var names: [String] = []
        do { names = try FileManager.default.contentsOfDirectory(atPath: place.path) } catch {
            throw place.error("no readable folder (\(systemText(of: error)))", allowed: "a folder of PNG files")
        }
        var files: [String] = [], folders: [String] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: place.appending(name).path, isDirectory: &isFolder)
            if isFolder.boolValue { folders.append(name) } else { files.append(name) }
        }
        if let other = files.first(where: { !$0.lowercased().hasSuffix(".png") }) {
            throw place.error("'\(other)'", allowed: "files whose names end in .png, and folders")
        }
        return (files, folders)
    }
}

extension ImageShape: CustomStringConvertible {
    /// "[1, 28, 28]": channels, height, width.
    public var description: String { "[\(channels), \(height), \(width)]" }
}
