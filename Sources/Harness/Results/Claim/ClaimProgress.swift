import Specification
import Study

/// The state of a study's claims after its interim analyses, and whether another may decide more.
package struct ClaimProgress: Sendable {
    /// The number of claims, and of those that are undecided.
    package let claims, undecided: Int
    /// The number of seeds in the last analysis.
    package let seeds: Int
    package let next: Next

    package enum Next: Sendable {
        /// Some claim needs more seeds, and these may be added.
        case another(InterimAnalyses)
        /// Some claim needs more seeds, and the study has as many as allowed.
        case exhausted
        /// More seeds would decide nothing.
        case futile
    }

    /// - Parameter most: the largest number of seeds.
    init(_ results: [ClaimResult], after interimAnalyses: InterimAnalyses, most: Int) {
        (claims, seeds) = (results.count, interimAnalyses.seeds.count)
        undecided = results.count { $0.verdict == .undecided }
        if results.contains(where: \.asksForSeeds) {
            next = interimAnalyses.adding(most: most).map(Next.another) ?? .exhausted
        } else {
            next = .futile
        }
    }
}

extension ResultsFolder {
    /// The state of a study's claims; nil for a study without interim analyses.
    /// - Parameter identities: the identities of all runs that the study names.
    /// - Throws: `InputError` where the study's folder cannot be listed.
    package func runState(of study: Study, identities: [String: Identity], most: Int) throws -> ClaimProgress? {
        guard let interimAnalyses = study.interimAnalyses else { return nil }
        let records = try records(of: study, identities: identities).records
        return ClaimProgress(
            ClaimResult.of(study.claims, runs: study.named, records: records, interimAnalyses: interimAnalyses),
            after: interimAnalyses, most: most)
    }
}
