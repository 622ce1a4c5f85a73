import Results
import Specification
import Study

extension ArmComparison {
    /// A sentence for each thing that a comparison takes to be the same and is not: the data, the teacher, the reference samples that
    /// scores are taken against. Empty where each subject has what the first has.
    package var grounds: [String] {
        let parts: [(String, (Record) -> Identity?)] = [
            ("other data", { try? Identity(of: CanonicalEncoder(.decisive).encode($0.run.specification.data)) }),
            ("another teacher", { RunStage(run: $0.run).teacher.identity }),
            (
                "other reference samples (the teacher's sampler, guidance, number of samples or seed)",
                {
                    RunStage(run: $0.run).reference.identity
                }
            ),
        ]
        return parts.flatMap { words, identity in
            let found = subjects.map { Set($0.records.compactMap(identity)) }
            return found.indices.dropFirst().filter { found[$0] != found[0] }.map {
                "\(Self.letter($0)) has \(words) than A: differences are not of the arms alone."
            }
        }
    }
}
