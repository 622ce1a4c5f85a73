import Results
import Study

extension ClaimResult {
    /// The claims of a study with their results, a row per claim.
    public static func table(_ claimResults: [ClaimResult]) -> Table {
        var table = Table(
            columns: [
                Table.Column("claim", alignment: .left), Table.Column("verdict", alignment: .left),
                Table.Column("because", alignment: .left), Table.Column("seeds to decide"),
            ],
            rows: claimResults.map { result in
                [
                    .text(result.claim.says), .text(result.verdict.rawValue), .text(result.reason),
                    result.seedsNeeded.map { .count($0) } ?? .missing,
                ]
            })
        table.layout = .paragraphs
        return table
    }
}
