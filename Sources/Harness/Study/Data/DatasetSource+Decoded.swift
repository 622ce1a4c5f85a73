import FlowMaps
import Storage

extension DatasetSource {
    /// Loads or draws the set; images of a folder that were decoded before are read from `folder`, others are decoded
    /// and stored there.
    ///
    /// Decoding 10,000 pictures takes seconds, and each stage of a study needs them. They are found by their content,
    /// so the files themselves are not read again; a damaged file is decoded anew.
    /// - Throws: as `load`.
    package func load(decodedIn folder: String) throws -> Dataset {
        guard isStoredDecoded, let content else { return try load() }
        let path = "\(folder)/\(content.identity.prefix(24)).npz"
        if let data = try? decoded(path, content) { return data }
        let data = try load()
        let pixels = data.samples.map { UInt8(clamping: Int((($0 + 1) * 127.5).rounded())) }
        let shape = [data.count, content.channels, content.height, content.width]
        // Where there is no room for it the next one decodes again.
        _ = try? NumPyArray.writePixels(pixels, shape: shape, labels: data.labels, to: path)
        return data
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
