/// What is known of a data set without its samples. A source with files must carry their content; `hasKnownShape` says whether it does.
extension DatasetSource {
    /// What the files hold; nil where nobody has looked, and for sources without files.
    public var content: DataContent? {
        switch self {
        case .digits, .planar: nil
        case .idx(_, _, _, _, let content), .cifar10(_, let content), .cifar100(_, _, let content),
            .images(_, _, _, let content), .arrays(_, _, _, _, _, _, _, _, let content), .latents(_, _, let content):
            content
        }
    }

    /// The same source, its files known to hold `content`.
    public func holding(_ content: DataContent) -> DatasetSource {
        switch self {
        case .digits, .planar: self
        case .idx(let images, let labels, let classes, let layout, _):
            .idx(images: images, labels: labels, classes: classes, layout: layout, content: content)
        case .cifar10(let files, _): .cifar10(files: files, content: content)
        case .cifar100(let files, let labels, _): .cifar100(files: files, labels: labels, content: content)
        case .images(let folder, let size, let background, _):
            .images(folder: folder, size: size, background: background, content: content)
        case .arrays(let file, let name, let labels, let labelFile, let layout, let classes, let shift, let scale, _):
            .arrays(
                file: file, dataset: name, labels: labels, labelFile: labelFile, layout: layout, classes: classes,
                shift: shift, scale: scale, content: content)
        case .latents(let file, let layout, _): .latents(file: file, layout: layout, content: content)
        }
    }

    /// Whether the samples are read from files that a spec names.
    public var hasFiles: Bool {
        switch self {
        case .digits, .planar: false
        case .idx, .cifar10, .cifar100, .images, .arrays, .latents: true
        }
    }

    public var hasKnownShape: Bool { !hasFiles || content != nil }

    /// Whether both have the same samples, wherever these lie.
    public func isSame(as other: DatasetSource) -> Bool {
        content.map { $0 == other.content } ?? (self == other)
    }

    /// The number of classes; 0 without.
    public var classCount: Int {
        switch self {
        case .digits: 10
        case .planar: 0
        case .idx, .cifar10, .cifar100, .images, .arrays, .latents: known.classes
        }
    }

    /// The shape of a sample that is an image.
    public var image: ImageShape? {
        switch self {
        case .digits: ImageShape(channels: 1, height: 8, width: 8)
        case .planar: nil
        case .arrays: known.isPoints ? nil : known.image
        case .idx, .cifar10, .cifar100, .images, .latents: known.image
        }
    }

    /// Numbers of one sample.
    public var dimension: Int { image.map { $0.channels * $0.height * $0.width } ?? 2 }

    /// The range that holds every value, where the set has one.
    public var valueRange: ClosedRange<Float>? {
        switch self {
        case .digits, .cifar10, .cifar100, .images: -1...1
        case .idx(_, _, _, _, let content): content?.pixels == false ? nil : -1...1
        case .arrays(_, _, _, _, _, _, _, _, let content): content?.pixels == true ? -1...1 : nil
        case .planar, .latents: nil
        }
    }

    private var known: DataContent {
        guard let content else { preconditionFailure("the shape of \(self) is asked for, and nobody has looked at it") }
        return content
    }
}
