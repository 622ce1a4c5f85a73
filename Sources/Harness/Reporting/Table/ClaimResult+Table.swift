import Results
import Study

extension ClaimResult {
    /// What a study claimed and how it came out, a row a claim.
    public static func table(_ claimResults: [ClaimResult]) -> Table {
        Table(
            columns: [
                Table.Column("claim", alignment: .left), Table.Column("verdict", alignment: .left),
                Table.Column("because", alignment: .left), Table.Column("seeds to decide"),
            ],
            rows: claimResults.map { judgement in
                [
                    .text(judgement.claim.says), .text(judgement.verdict.rawValue), .text(judgement.reason),
                    judgement.seedsNeeded.map { .count($0) } ?? .missing,
                ]
            })
    }
}
