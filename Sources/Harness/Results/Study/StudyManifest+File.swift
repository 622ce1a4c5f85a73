import Foundation
import Specification
import Storage

/// The file is one object in JSON, `{"digest":"…","content":{"manifest":{…},"schema":"…"}}`: the digest is the
/// SHA-256 of the content's bytes in the file. The file has these bytes and no others, so that it is checked without
/// being decoded.
extension StudyManifest {
    static let fileName = "study.json"

    private struct Content: Codable {
        let schema: String
        let manifest: StudyManifest
    }

    private struct Schema: Codable { let schema: String }

    private static func head(of content: [UInt8]) -> [UInt8] {
        Array("{\"digest\":\"\(Identity(hashing: content).hex)\",\"content\":".utf8)
    }

    private static let tail = Array("}\n".utf8)

    /// Writes it into the study's folder, whole or not at all.
    /// - Throws: `FileError`.
    package func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = [UInt8](try encoder.encode(Content(schema: Self.schema, manifest: self)))
        try AtomicFile.write(Self.head(of: content) + content + Self.tail, to: "\(folder)/\(Self.fileName)")
    }

    /// Reads that of a study's folder; nil where there is none.
    /// - Throws: `FileError`, and `RecordError` for one that is damaged or of another layout.
    package static func read(from folder: String) throws -> StudyManifest? {
        let path = "\(folder)/\(fileName)"
        guard let bytes = try FileBytes.read(path).map([UInt8].init) else { return nil }
        let content = Array(bytes.dropFirst(head(of: []).count).dropLast(tail.count))
        guard bytes == head(of: content) + content + tail else {
            throw RecordError(
                path: path, found: "content that does not fit its digest",
                allowed: "the file as it was written; the next run writes it anew")
        }
        let decoder = JSONDecoder()
        let schema = (try? decoder.decode(Schema.self, from: Data(content)))?.schema
        guard schema == Self.schema, let found = try? decoder.decode(Content.self, from: Data(content)) else {
            throw RecordError(
                path: path, found: FileSchema.describing(schema, expected: Self.schema),
                allowed: "schema '\(Self.schema)'; the next run writes it anew")
        }
        return found.manifest
    }
}

extension ResultsFolder {
    /// The manifest of a study; nil where there is none that can be used.
    private func manifest(of study: String) -> StudyManifest? { try? StudyManifest.read(from: self.study(study)) }

    /// The names of the runs of a study; nil where its folder does not say.
    package func namedPoints(of study: String) -> Set<String>? {
        manifest(of: study).map { Set($0.points.map(\.point)) }
    }

    /// Whether the last run of a study had other repetitions than its file says.
    func hasChosenSeeds(_ study: String) -> Bool { manifest(of: study)?.hasChosenSeeds ?? false }

    /// What all studies need of the cache.
    func plannedWork() -> Set<Identity> {
        let studies = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return Set(studies.compactMap { manifest(of: $0) }.flatMap(\.shared))
    }
}
