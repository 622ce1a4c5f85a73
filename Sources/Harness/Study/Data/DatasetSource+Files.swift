import FlowMaps

extension DatasetSource {
    /// The source with what its files hold now.
    ///
    /// Labels and shapes are read and checked; all is read once, to be hashed.
    /// - Throws: `DataError` for files that make no data set, and for other content than the source already states.
    public func inspected() throws -> DatasetSource {
        guard let stored = try stored() else { return self }
        return holding(try checked(stored).content)
    }

    /// Loads or draws the set.
    /// - Throws: `DataError` as `inspected`, and for samples that are not finite; the errors of `Dataset.digits()`.
    public func load() throws -> Dataset {
        if let dataset = try builtIn() { return dataset }
        return try checked(stored()!).dataset(valueRange: valueRange)
    }

    private func stored() throws -> (any StoredData)? {
        switch self {
        case .digits, .planar: nil
        case .idx(let images, let labels, let classes, _):
            try IDXImages(images: images, labels: labels, classes: classes)
        case .cifar10(let files, _): try CIFAR10Batches(files: files)
        case .images(let folder, _): try ImageFolder(folder: folder)
        case .latents(let file, _): try LatentFile(file: file)
        }
    }

    private func checked(_ stored: any StoredData) throws -> any StoredData {
        let found = stored.content
        guard let content, content != found else { return stored }
        let isChanged = content.identity != found.identity
        func text(_ content: DataContent) -> String {
            isChanged
                ? "content \(content.identity.prefix(12))"
                : "\(content.count) samples \(content.image) of \(content.classes) classes"
        }
        let place = self.place
        throw place.error(text(found), allowed: "\(text(content)), as stated for this data set before")
    }

    /// The file or folder that stands for all.
    private var place: DataPlace {
        switch self {
        case .digits, .planar: preconditionFailure("\(self) has no files")
        case .idx(let images, _, _, _): DataPlace(key: "idx.images", path: images.text)
        case .cifar10(let files, _): DataPlace(key: "cifar10.files", path: files[0].text)
        case .images(let folder, _): DataPlace(key: "images.folder", path: folder.text)
        case .latents(let file, _): DataPlace(key: "latents.file", path: file.text)
        }
    }
}
