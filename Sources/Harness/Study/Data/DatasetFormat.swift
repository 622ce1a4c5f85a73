import FlowMaps

/// A kind of data that a study may name: `data: {name: {…}}`, or `data: name` where it has no settings.
///
/// Each is a type in a file of its own, listed in `DatasetSource.formats`; its coding keys are the keys in a study.
package protocol DatasetFormat: NamedKind, Validated {
    /// The shape of a sample that is an image.
    var image: ImageShape? { get }
    /// The number of classes; 0 without.
    var classCount: Int { get }
    /// The range that holds every value, where the set has one.
    var valueRange: ClosedRange<Float>? { get }
    /// The samples are points of the plane.
    var isPlanar: Bool { get }
    /// The set of the plane that the samples are drawn from, where they are.
    var planarSet: PlanarSet? { get }
    /// The number of samples, as far as it is known without reading them.
    var knownCount: Int? { get }
    /// Loads or draws the samples.
    func load() throws -> Dataset
}

extension DatasetFormat {
    package var planarSet: PlanarSet? { nil }
    package var knownCount: Int? { nil }
    package var isPlanar: Bool { planarSet != nil }
    package func validate() throws(Violation) {}
}

/// A kind of data that is read from files, whose content is known once they have been looked at.
///
/// The samples of images lie in [-1, 1]: a byte p becomes p / 127.5 − 1.
package protocol FileFormat: DatasetFormat {
    /// The content of the files; nil before they have been inspected.
    var content: DataContent? { get set }
    /// The file or folder named in errors about the whole set.
    var place: DataPlace { get }
    /// Reading takes so long that the samples are stored once decoded.
    var isStoredDecoded: Bool { get }
    /// The files that decide the set, with their signatures; nil where they may point to others.
    /// - Throws: `DataError` for files that make no data set.
    func signatures() throws -> [SignedFile]?
    /// Opens the files and checks them, without reading samples.
    /// - Throws: `DataError` for files that make no data set.
    func stored() throws -> any StoredData
}

extension FileFormat {
    package var image: ImageShape? { known.image }
    package var classCount: Int { known.classes }
    package var knownCount: Int? { content?.count }
    package var valueRange: ClosedRange<Float>? { -1...1 }
    package var isStoredDecoded: Bool { false }
    package func signatures() throws -> [SignedFile]? { nil }

    /// - Throws: `DataError`, also for other content than the format already states.
    package func load() throws -> Dataset {
        let stored = try checked()
        return try stored.dataset(valueRange: holding(stored.content).valueRange)
    }

    /// The same files, known to hold `content`.
    func holding(_ content: DataContent) -> Self {
        var format = self
        format.content = content
        return format
    }

    /// The files, which must hold what was stated of them before.
    func checked() throws -> any StoredData {
        let stored = try stored()
        try check(stored.content)
        return stored
    }

    /// Refuses other content than was stated before.
    func check(_ found: DataContent) throws {
        guard let content, content != found else { return }
        let isChanged = content.identity != found.identity
        func text(_ content: DataContent) -> String {
            isChanged
                ? "content \(content.identity.prefix(12))"
                : "\(content.count) samples \(content.image) of \(content.classes) classes"
        }
        throw place.error(text(found), allowed: "\(text(content)), as stated for this data set before")
    }

    /// The content of files that have been looked at.
    var known: DataContent {
        guard let content else { preconditionFailure("the shape of \(self) is asked for, and nobody has looked at it") }
        return content
    }
}
