import FlowMaps
import Specification
import Storage

/// Reads the content of a study's files, each data set once.
struct DatasetInspector {
    /// By descriptions, which have the paths in full: sources are equal where they are written alike, in whatever folder.
    private var seen: [String: DatasetSource] = [:]
    private var seenEvaluations: [String: Evaluation] = [:]
    /// The summaries of the data sets with files, in the order of the runs.
    private(set) var summaries: [DataSummary] = []
    private var decoder = StrictDecoder()

    private let cache: DataCache?

    /// - Parameter cache: of earlier inspections; nil reads all files.
    init(cache: DataCache? = nil) {
        self.cache = cache
        decoder.parts = DecodedParts()
    }

    /// The specification of a point with the content of its data and teachers, which must fit it.
    mutating func at(_ point: SweepPoint) throws -> RunSpecification {
        let specification = try point.decode(RunSpecification.self, using: decoder)
        guard specification.hasFiles else { return specification }
        do {
            let data = try inspected(specification.data, at: "data", of: point)
            let own = try specification.studentData.map {
                try inspected($0, at: RunSpecification.studentDataKey, of: point)
            }
            let result = try specification.on(data, student: own).resolved(try inspected(specification.evaluation))
            try result.validate()
            return result
        } catch let violation as Violation {
            throw point.refusal(violation)
        }
    }

    private mutating func inspected(_ data: DatasetSource, at key: String, of point: SweepPoint) throws -> DatasetSource
    {
        do { return try inspected(data) } catch let error as DataError {
            var refusal = point.refusal(error.violation(at: key))
            refusal.isMissingInput = FileKind(error.path) == nil
            throw refusal
        }
    }

    private mutating func inspected(_ evaluation: Evaluation) throws -> Evaluation {
        guard evaluation.hasFiles else { return evaluation }
        if let seen = seenEvaluations["\(evaluation)"] { return seen }
        let result = try evaluation.resolved()
        seenEvaluations["\(evaluation)"] = result
        return result
    }

    private mutating func inspected(_ data: DatasetSource) throws -> DatasetSource {
        guard data.hasFiles else { return data }
        if let seen = seen["\(data)"] { return seen }
        let (source, summary) = try cache?.surveyed(data) ?? data.surveyed()
        seen["\(data)"] = source
        summaries.append(summary)
        return source
    }
}
