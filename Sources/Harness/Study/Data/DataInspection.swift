import FlowMaps
import Foundation
import Specification
import Storage

/// The content of files that were read, and their summary, as JSON with a seal.
struct DataInspection: Codable {
    static let schema = "ablate.inspection/1"

    let schema: String
    let content: DataContent
    let summary: DataSummary
    /// The hash of the other parts, by which damage shows.
    private var seal = ""

    init(content: DataContent, summary: DataSummary) {
        (schema, self.content, self.summary) = (Self.schema, content, summary)
    }

    /// Nil where there is none, or it is damaged.
    init?(_ path: String) {
        guard let data = FileManager.default.contents(atPath: path),
            let found = try? JSONDecoder().decode(DataInspection.self, from: data), found.schema == Self.schema,
            let seal = try? found.ownSeal(), seal == found.seal
        else { return nil }
        self = found
    }

    func write(to path: String, in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var sealed = self
        sealed.seal = try ownSeal()
        try AtomicFile.write(try JSONEncoder().encode(sealed), to: path)
    }

    private func ownSeal() throws -> String {
        var plain = self
        plain.seal = ""
        return Identity(of: try CanonicalEncoder().encode(plain)).hex
    }
}
