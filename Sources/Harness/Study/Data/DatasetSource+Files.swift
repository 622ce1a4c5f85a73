import FlowMaps

extension DatasetSource {
    /// The source with what its files hold now; all is read once, and checked.
    /// - Throws: `DataError` for files that make no data set, and for other content than the source already states.
    public func inspected() throws -> DatasetSource { hasFiles ? try surveyed().source : self }

    /// The source with what its files hold now, and what was read in a line for people; all is read once, and checked.
    /// - Throws: as `inspected`; the errors of `Dataset.digits()`.
    public func surveyed() throws -> (source: DatasetSource, summary: DataSummary) {
        guard let stored = try stored() else {
            guard let dataset = try builtIn() else { preconditionFailure("\(self) has neither files nor samples") }
            return (self, DataSummary(dataset))
        }
        let found = try checked(stored)
        return (holding(found.content), try DataSummary(found))
    }

    /// Loads or draws the set.
    /// - Throws: `DataError` as `inspected`; the errors of `Dataset.digits()`.
    public func load() throws -> Dataset {
        if let dataset = try builtIn() { return dataset }
        guard let stored = try stored() else { preconditionFailure("\(self) has neither files nor samples") }
        return try checked(stored).dataset(valueRange: valueRange)
    }

    private func stored() throws -> (any StoredData)? {
        switch self {
        case .digits, .planar: nil
        case .idx(let images, let labels, let classes, let layout, _):
            try IDXImages(images: images, labels: labels, classes: classes, layout: layout)
        case .cifar10(let files, _): try CIFAR10Batches(files: files)
        case .cifar100(let files, let labels, _): try CIFAR100Batches(files: files, labels: labels)
        case .images(let folder, let size, let background, _):
            try ImageFolder(folder: folder, size: size, background: background)
        case .arrays(let file, let name, let labels, let labelFile, let layout, let classes, let shift, let scale, _):
            try ArrayData(
                file: file,
                ArrayData.Choice(
                    dataset: name, labels: labels, labelFile: labelFile, layout: layout, classes: classes, shift: shift,
                    scale: scale))
        case .latents(let file, let layout, _): try LatentFile(file: file, layout: layout)
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
        case .idx(let images, _, _, _, _): DataPlace(key: "idx.images", path: images.text)
        case .cifar10(let files, _): DataPlace(key: "cifar10.files", path: files[0].text)
        case .cifar100(let files, _, _): DataPlace(key: "cifar100.files", path: files[0].text)
        case .images(let folder, _, _, _): DataPlace(key: "images.folder", path: folder.text)
        case .arrays(let file, _, _, _, _, _, _, _, _): DataPlace(key: "arrays.file", path: file.text)
        case .latents(let file, _, _): DataPlace(key: "latents.file", path: file.text)
        }
    }
}
