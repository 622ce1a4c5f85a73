import FlowMaps
import Specification
import Storage

/// The files of a study, those of each data set looked at once.
struct DatasetInspector {
    private var seen: [DatasetSource: DatasetSource] = [:]
    /// What was read of each data set with files, in the order of the runs.
    private(set) var summaries: [DataSummary] = []
    private var decoder = StrictDecoder()

    init() { decoder.parts = DecodedParts() }

    /// The specification of a point, on data and with teachers that are there and that fit it.
    mutating func at(_ point: SweepPoint) throws -> RunSpecification {
        let specification = try point.decode(RunSpecification.self, using: decoder)
        guard specification.hasFiles else { return specification }
        do {
            let data = try seen[specification.data] ?? inspected(specification.data)
            let result = try specification.on(data).resolved()
            try result.validate()
            return result
        } catch let error as DataError {
            var refusal = point.refusal(error.violation)
            refusal.isMissingInput = FileKind(error.path) == nil
            throw refusal
        } catch let violation as Violation {
            throw point.refusal(violation)
        }
    }

    private mutating func inspected(_ data: DatasetSource) throws -> DatasetSource {
        guard data.hasFiles else { return data }
        let (source, summary) = try data.surveyed()
        seen[data] = source
        summaries.append(summary)
        return source
    }
}
