@testable import Results
@testable import Study

/// Results of studies made by hand.
enum SampleResults {
    /// Of records, as a folder would tell them.
    static func make(
        _ records: [Record], name: String = "tiny", question: String? = "Does it run?", text: String? = nil,
        claims: [Claim] = [], runs: [any Placed]? = nil, leftOut: [StudyResults.Omission] = [], folder: String = "tiny"
    ) -> StudyResults {
        StudyResults(
            folder: folder, name: name, question: question, text: text, claims: claims,
            runs: runs ?? records.map(\.run),
            records: records, leftOut: leftOut)
    }

    /// Two seeds of three arms: `meanFlow` at two strengths, and `freeflow` to which strength does not apply.
    static func conditional() throws -> [Record] {
        try [
            ("meanFlow", "0", 0, 1.0), ("meanFlow", "0", 1, 3.0), ("meanFlow", "0.5", 0, 5.0),
            ("meanFlow", "0.5", 1, 7.0), ("freeflow", nil, 0, 0.5), ("freeflow", nil, 1, 1.5),
        ].enumerated().map { position, run in
            let (objective, strength, seed, score) = run
            let axes: [(String, String)] =
                [("objective", objective)] + (strength.map { [("strength", $0)] } ?? []) + [("seed", "\(seed)")]
            return try SampleRecord.make(
                axes.map { SampleRecord.coordinate($0.0, $0.1) }, position: position,
                scores: [("frechetDistance", score)])
        }
    }
}
