import Foundation
import Specification
import Storage
import Study

/// What a study asks, claims and names, left beside its records so that a report needs no study file.
public struct StudyOutline: Codable, Hashable, Sendable {
    /// The layout of the file.
    public static let schema = "ablate.outline/1"
    static let fileName = "outline.json"

    public let schema: String
    public let study, question: String
    public let claims: [Claim]
    /// The columns of its table; nil for the usual ones.
    public let columns: [String]?
    /// All runs that the study names, done or not, in its order.
    public let points: [Point]
    /// The looks at the claims, where seeds were added to decide them.
    public let looks: Looks?
    /// The figures that the study asks for; nil where it leaves that to its axes.
    public let figures: [FigureChoice]?

    /// A run by its name alone.
    public struct Point: Codable, Hashable, Sendable, Placed {
        public let point: String
        public let coordinates: [SweepPoint.Coordinate]
        /// Of the run, 64 hexadecimal digits: a record of another one is of another version of the study.
        public let identity: String
    }

    public init(
        study: String, question: String, claims: [Claim], columns: [String]? = nil, points: [Point],
        looks: Looks? = nil, figures: [FigureChoice]? = nil
    ) {
        (schema, self.study, self.question) = (Self.schema, study, question)
        (self.claims, self.columns, self.points) = (claims, columns, points)
        (self.looks, self.figures) = (looks, figures)
    }

    /// - Parameter identities: of the runs that the study names.
    package init(_ study: Study, identities: [String: Identity]) {
        self.init(
            study: study.name, question: study.question, claims: study.claims, columns: study.columns,
            points: study.named.map { run in
                Point(point: run.point, coordinates: run.coordinates, identity: identities[run.point]?.hex ?? "")
            }, looks: study.looks, figures: study.figures)
    }
}

extension StudyOutline {
    /// Writes it into the study's folder, whole or not at all.
    package func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(self), to: "\(folder)/\(Self.fileName)")
    }

    /// Reads that of a study's folder; nil where there is none.
    /// - Throws: `RecordError` for one that is damaged or of another layout.
    static func read(from folder: String) throws -> StudyOutline? {
        let path = "\(folder)/\(fileName)"
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        guard let outline = try? JSONDecoder().decode(StudyOutline.self, from: data), outline.schema == schema else {
            throw RecordError(path: path, found: "another layout, or damage", allowed: "schema '\(schema)'")
        }
        return outline
    }
}
