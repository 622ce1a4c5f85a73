import Foundation
import Storage

/// The images of a folder and their classes: in folders of any depth, of which the first names the class.
struct ImageListing {
    /// Paths from the folder, in the order of their classes and names.
    let files: [(path: String, label: Int)]
    /// The names of the classes; none where the images lie in the folder itself.
    let classes: [String]
    private let others: [String]
    /// The images with their signatures, where they were asked for.
    let signed: [SignedFile]

    private static let suffixes: Set = [".png", ".jpg", ".jpeg", ".jpe"]
    /// Images that are not read: to leave them out without a word would make another data set.
    private static let foreign: Set = [".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".jp2", ".ppm"]
    /// Files that archives made on another system contain.
    private static let debris: Set = ["__MACOSX"]
    /// Folders in folders; a link may lead back to where it lies.
    private static let deepest = 32

    /// - Parameter signing: the signatures of the images are read too.
    init(_ place: DataPlace, signing: Bool = false) throws {
        var others: [String] = []
        let top = try Self.listing(of: place)
        let images = try Self.images(top.files, in: "", place, &others)
        var files = images.map { (path: $0, label: 0) }, classes: [String] = []
        for folder in top.folders {
            let inner = try Self.images(below: folder, place, depth: 1, &others)
            guard !inner.isEmpty else {
                throw place.appending(folder).error("no PNG or JPEG file", allowed: "the images of a class")
            }
            guard images.isEmpty else {
                throw place.error(
                    "'\(images[0])' beside the folder '\(folder)'",
                    allowed: "either images or a folder for each class")
            }
            files += inner.map { ($0, classes.count) }
            classes.append(folder)
        }
        guard !files.isEmpty else { throw place.error("no PNG or JPEG file", allowed: "at least one") }
        (self.files, self.classes, self.others) = (files, classes, others)
        signed = signing ? try Self.signatures(files.map(\.path), place) : []
    }

    var notes: [String] {
        guard !others.isEmpty else { return [] }
        let names = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? ", …" : "")
        return [
            "\(others.count) \(others.count == 1 ? "file" : "files") skipped that \(others.count == 1 ? "is" : "are") "
                + "no image (\(names))"
        ]
    }

    private static func signatures(_ files: [String], _ place: DataPlace) throws -> [SignedFile] {
        try files.map { file in
            guard let signature = FileSignature("\(place.path)/\(file)") else {
                throw place.appending(file).error(
                    "no readable file (\(String(cString: strerror(errno))))", allowed: "a file")
            }
            return SignedFile(path: file, signature: signature)
        }
    }

    /// All images in a folder and its folders, as paths from the top.
    private static func images(
        below folder: String, _ place: DataPlace, depth: Int, _ others: inout [String]
    ) throws -> [String] {
        guard depth <= deepest else {
            throw place.appending(folder).error(
                "folders more than \(deepest) deep", allowed: "fewer: does a link lead back?")
        }
        let (files, folders) = try listing(of: place.appending(folder))
        var result = try images(files, in: "\(folder)/", place, &others)
        for inner in folders { result += try images(below: "\(folder)/\(inner)", place, depth: depth + 1, &others) }
        return result
    }

    /// The files of a folder that are images by their names.
    private static func images(
        _ files: [String], in folder: String, _ place: DataPlace, _ others: inout [String]
    ) throws -> [String] {
        var result: [String] = []
        for file in files {
            let suffix = file.lastIndex(of: ".").map { file[$0...].lowercased() } ?? ""
            if suffixes.contains(suffix) {
                result.append(folder + file)
            } else if foreign.contains(suffix) {
                throw place.appending(folder + file).error(
                    "an image in another format", allowed: "PNG or JPEG: mogrify -format png '*\(suffix)'")
            } else {
                others.append(folder + file)
            }
        }
        return result
    }

    /// The files and the folders directly in a folder, in the order of their names; hidden ones are left out.
    private static func listing(of place: DataPlace) throws -> (files: [String], folders: [String]) {
        // Foundation leaves out names that are not UTF-8.
        guard let stream = opendir(place.path) else {
            throw place.error(
                "no readable folder (\(String(cString: strerror(errno))))", allowed: "a folder of PNG and JPEG files")
        }
        defer { closedir(stream) }
        var files: [String] = [], folders: [String] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard bytes.first != UInt8(ascii: ".") else { continue }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw place.error(
                    "the name '\(String(decoding: bytes, as: UTF8.self))', which is not UTF-8",
                    allowed: "names in UTF-8: convmv -f latin1 -t utf8 -r --notest '\(place.path)'")
            }
            var type = Int(entry.pointee.d_type)
            if type == DT_LNK || type == DT_UNKNOWN {
                // Foundation takes ten times as long, which a million links make felt.
                var status = stat()
                let isFolder = fstatat(dirfd(stream), name, &status, 0) == 0 && status.st_mode & S_IFMT == S_IFDIR
                type = isFolder ? Int(DT_DIR) : Int(DT_REG)
            }
            if type == DT_DIR {
                if !debris.contains(name) { folders.append(name) }
            } else {
                files.append(name)
            }
        }
        return (files.sorted(), folders.sorted())
    }
}
