import FlowMaps

/// The source of a study's data, as its specification has it.
///
///     data: digits
///     data: {planar: {set: rings, count: 10000}}
///     data: {idx: {images: train-images-idx3-ubyte.gz, labels: train-labels-idx1-ubyte.gz}}
///     data: {images: {folder: flowers, size: 64}}
///
/// Sources with files carry their content once a `DatasetInspector` has read it.
public struct DatasetSource: Hashable, Sendable, CustomStringConvertible {
    /// The kind of data, with its settings.
    package let format: any DatasetFormat

    /// The kinds of data, in the order in which errors list them.
    @TaskLocal package static var formats: [any DatasetFormat.Type] = [
        DigitsFormat.self, PlanarFormat.self, IDXFormat.self, CIFAR10Format.self, CIFAR100Format.self,
        ImageFolderFormat.self, ArrayFormat.self, LatentFormat.self,
    ]

    /// Data of a kind with its settings.
    package init(_ format: any DatasetFormat) { self.format = format }

    /// The bundled handwritten digits, `Dataset.digits()`.
    public static let digits = DatasetSource(DigitsFormat())

    /// `count` samples of a two-dimensional set; the same samples in every run.
    public static func planar(set: PlanarSet, count: Int) -> DatasetSource {
        DatasetSource(PlanarFormat(set: set, count: count))
    }

    /// Both are of one kind with the same settings.
    public static func == (first: DatasetSource, second: DatasetSource) -> Bool {
        first.format.isEqual(to: second.format)
    }

    /// Hashes the settings.
    public func hash(into hasher: inout Hasher) { hasher.combine(format) }

    /// The kind of data with its settings.
    public var description: String { "\(format)" }

    /// The kind of data, where it is read from files.
    var file: (any FileFormat)? { format as? any FileFormat }
}

/// Facts about a data set that are known without its samples. A source with files must carry their content for them;
/// `hasKnownShape` says whether it does.
extension DatasetSource {
    /// The content of the files; nil before they have been inspected, and for sources without files.
    package var content: DataContent? { file?.content }

    /// The samples are read from files that a specification names.
    public var hasFiles: Bool { file != nil }

    /// The shape of a sample and the number of classes are known: the source has no files, or carries their content.
    public var hasKnownShape: Bool { !hasFiles || content != nil }

    /// Both sources have the same samples, wherever the files lie.
    public func isSame(as other: DatasetSource) -> Bool {
        content.map { $0 == other.content } ?? (self == other)
    }

    /// The number of classes; 0 without.
    public var classCount: Int { format.classCount }

    /// The shape of a sample that is an image.
    public var image: ImageShape? { format.image }

    /// The length of one sample.
    public var dimension: Int { image.map { $0.channels * $0.height * $0.width } ?? 2 }

    /// The name of the kind of data.
    var kind: String { type(of: format).name }

    /// The shape of a sample and the number of classes, in words: "1×8×8, 10 classes".
    var form: String {
        let shape = image.map { "\($0.channels)×\($0.height)×\($0.width)" } ?? "\(dimension) numbers"
        return "\(shape), \(classCount == 0 ? "no" : "\(classCount)") classes"
    }

    /// The range that holds every value, where the set has one.
    public var valueRange: ClosedRange<Float>? { format.valueRange }

    /// The path of its first file or of its folder; nil where it has none.
    package var path: String? { file?.place.path }

    /// The number of samples, as far as it is known without reading them.
    package var knownCount: Int? { format.knownCount }

    /// The samples are points of the plane.
    package var isPlanar: Bool { format.isPlanar }

    /// The distribution that the samples are drawn from, where it is a mixture of Gaussians: its velocity is known
    /// exactly.
    package var distribution: GaussianMixture? { format.planarSet?.distribution }

    /// The modes of data that are an even mixture of Gaussians.
    package var modes: ModeCoverage? { format.planarSet?.modes }

    /// The samples are stored in the cache once they have been decoded.
    package var isStoredDecoded: Bool { file?.isStoredDecoded ?? false }
}

extension DatasetSource {
    /// The source with what its files hold now; all is read once, and checked.
    /// - Throws: `DataError` for files that make no data set, and for other content than the source already states.
    public func inspected() throws -> DatasetSource { hasFiles ? try surveyed().source : self }

    /// The source with what its files hold now, and what was read in a line for people; all is read once, and checked.
    /// - Throws: as `inspected`; the errors of `Dataset.digits()`.
    package func surveyed() throws -> (source: DatasetSource, summary: DataSummary) { try surveyed(decodedIn: nil) }

    /// - Parameter folder: receives the decoded pictures of a folder; nil keeps none.
    func surveyed(decodedIn folder: String?) throws -> (source: DatasetSource, summary: DataSummary) {
        guard let file else { return (self, DataSummary(try format.load())) }
        let found = try file.checked()
        if let folder, let images = found as? ImageFolder { images.keep(in: folder) }
        return (DatasetSource(file.holding(found.content)), try DataSummary(found))
    }

    /// Loads or draws the set. Planar sets come without their components as classes: their samples are learned as one
    /// distribution.
    /// - Throws: `DataError` as `inspected`; the errors of `Dataset.digits()`.
    public func load() throws -> Dataset { try format.load() }
}

extension DatasetSource: Codable, KindChoice {
    package static var listedKinds: [any NamedKind.Type] { formats }

    /// The name of a kind of data in a specification.
    package typealias CodingKeys = KindKey<DatasetSource>

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        self.init(try Self.decodeKind(from: decoder) as! any DatasetFormat)
    }

    /// Encodes the kind with its settings.
    public func encode(to encoder: any Encoder) throws { try Self.encode(format, to: encoder) }
}
