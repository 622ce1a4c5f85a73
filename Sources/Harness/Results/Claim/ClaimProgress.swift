import Specification
import Study

/// Where the claims of a study stand after the looks that were taken at them, and whether another look may decide more.
package struct ClaimProgress: Sendable {
    /// Claims, and those of them that are undecided.
    package let claims, undecided: Int
    /// Seeds that were looked at.
    package let seeds: Int
    package let next: Next

    package enum Next: Sendable {
        /// Some claim asks for more seeds, and these may be added.
        case look(InterimAnalyses)
        /// Some claim asks for more seeds, and there are as many as there may be.
        case exhausted
        /// More seeds would decide nothing.
        case futile
    }

    /// - Parameter most: seeds that the study may come to.
    init(_ results: [ClaimResult], after interimAnalyses: InterimAnalyses, most: Int) {
        (claims, seeds) = (results.count, interimAnalyses.seeds.count)
        undecided = results.count { $0.verdict == .undecided }
        if results.contains(where: \.asksForSeeds) {
            next = interimAnalyses.adding(most: most).map(Next.look) ?? .exhausted
        } else {
            next = .futile
        }
    }
}

extension ResultsFolder {
    /// Where the claims of a study stand that looks are taken at; nil of one without looks.
    /// - Parameter identities: of all runs that the study names.
    /// - Throws: `InputError` where the study's folder cannot be listed.
    package func runState(of study: Study, identities: [String: Identity], most: Int) throws -> ClaimProgress? {
        guard let interimAnalyses = study.interimAnalyses else { return nil }
        let records = try records(of: study, identities: identities).records
        return ClaimProgress(
            ClaimResult.of(study.claims, runs: study.named, records: records, interimAnalyses: interimAnalyses),
            after: interimAnalyses, most: most)
    }
}
