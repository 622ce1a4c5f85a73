import FlowMaps
import Specification

extension Identity {
    /// The identity of a stage of work by its name, its version, what it is made from (of data from files what these hold, not
    /// where they lie) and the versions of the stages before it.
    static func of(
        stage: String, _ version: Int, _ content: some Encodable, on data: DatasetSource,
        from stages: [(kind: String, version: Int)] = []
    ) -> Identity {
        precondition(data.hasKnownShape, "work on \(data), which nobody has looked at")
        do {
            var fields: [CanonicalValue.Field] = [
                .init("stage", .string(stage)), .init("version", .int(Int128(version))),
                .init("content", try CanonicalEncoder(.decisive).encode(content)),
            ]
            // A first version is left out: identities from before stages knew of those before them are the same.
            var named: Set<String> = []
            let raised = stages.filter { $0.version > 1 && named.insert($0.kind).inserted }.map {
                CanonicalValue.Field($0.kind, .int(Int128($0.version)))
            }
            if !raised.isEmpty { fields.append(.init("inputs", .mapping(raised))) }
            return Identity(of: .mapping(fields))
        } catch {
            preconditionFailure("work has a canonical form: \(error)")
        }
    }
}
