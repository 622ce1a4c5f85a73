import FlowMaps
import Foundation
import Storage

extension ImageFolder {
    /// The file of decoded pictures of a content.
    static func decoded(_ content: DataContent, in folder: String) -> String {
        "\(folder)/\(content.identity.prefix(24)).npz"
    }

    /// Stores the decoded pictures for later readers, unless they are there. Where there is no room for them the next one decodes again.
    func keep(in folder: String) {
        let path = Self.decoded(content, in: folder)
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try? NumPyArray.writePixels(
            pixels, shape: [count, image.channels, image.height, image.width], labels: labels, to: path)
    }
}

extension DatasetSource {
    /// Loads or draws the set; images of a folder that were decoded before are read from `folder`, others are decoded
    /// and stored there.
    ///
    /// Decoding 10,000 pictures takes seconds, and each stage of a study needs them. They are found by their content,
    /// so the files themselves are not read again; a damaged file is decoded anew.
    /// - Throws: as `load`.
    package func load(decodedIn folder: String) throws -> Dataset {
        guard isStoredDecoded, let content else { return try load() }
        let path = ImageFolder.decoded(content, in: folder)
        if let data = try? decoded(path, content) { return data }
        guard let images = try file?.checked() as? ImageFolder else { return try load() }
        // What lies there, if anything, could not be read.
        unlink(path)
        images.keep(in: folder)
        return try images.dataset(valueRange: valueRange)
    }

    private func decoded(_ path: String, _ content: DataContent) throws -> Dataset? {
        let file = try ArrayFile(path), array = try file.array("pixels")
        guard array.shape == [content.count, content.channels, content.height, content.width], array.element == .uint8
        else { return nil }
        let labels = content.classes > 0 ? try file.array("labels").doubles(0..<content.count).map { Int($0) } : nil
        guard labels?.allSatisfy({ (0..<content.classes).contains($0) }) ?? true else { return nil }
        return Dataset(
            name: ImageFolder.name, samples: try array.floats(0..<content.count).map { $0 / 127.5 - 1 },
            dimension: dimension, labels: labels, classCount: content.classes, imageShape: content.image,
            valueRange: valueRange)
    }
}
