import Specification
import Study

/// Where the claims of a study stand after the looks that were taken at them, and whether another look may decide more.
package struct ClaimStanding: Sendable {
    /// Claims, and those of them that are undecided.
    package let claims, undecided: Int
    /// Seeds that were looked at.
    package let seeds: Int
    package let next: Next

    package enum Next: Sendable {
        /// Some claim asks for more seeds, and these may be added.
        case look(Looks)
        /// Some claim asks for more seeds, and there are as many as there may be.
        case exhausted
        /// More seeds would decide nothing.
        case futile
    }

    /// - Parameter most: seeds that the study may come to.
    init(_ judgements: [Judgement], after looks: Looks, most: Int) {
        (claims, seeds) = (judgements.count, looks.seeds.count)
        undecided = judgements.count { $0.verdict == .undecided }
        if judgements.contains(where: \.asksForSeeds) {
            next = looks.adding(most: most).map(Next.look) ?? .exhausted
        } else {
            next = .futile
        }
    }
}

extension ResultsFolder {
    /// Where the claims of a study stand that looks are taken at; nil of one without looks.
    /// - Parameter identities: of all runs that the study names.
    /// - Throws: `InputError` where the study's folder cannot be listed.
    package func standing(of study: Study, identities: [String: Identity], most: Int) throws -> ClaimStanding? {
        guard let looks = study.looks else { return nil }
        let records = try records(of: study, identities: identities).records
        return ClaimStanding(
            Judgement.of(study.claims, runs: study.named, records: records, looks: looks), after: looks, most: most)
    }
}
