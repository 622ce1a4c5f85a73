import FlowMaps
import Specification

/// Reads the content of a study's files, each data set once.
struct DatasetInspector {
    private var seen: [DatasetSource: DatasetSource] = [:]
    private var decoder = StrictDecoder()

    init() { decoder.parts = DecodedParts() }

    /// The specification of a point with the content of its data and teachers, which must fit it.
    mutating func at(_ point: SweepPoint) throws -> RunSpecification {
        let specification = try point.decode(RunSpecification.self, using: decoder)
        guard specification.hasFiles else { return specification }
        do {
            let data = try seen[specification.data] ?? specification.data.inspected()
            seen[specification.data] = data
            let result = try specification.on(data).resolved()
            try result.validate()
            return result
        } catch let error as DataError {
            throw point.refusal(error.violation)
        } catch let violation as Violation {
            throw point.refusal(violation)
        }
    }
}
