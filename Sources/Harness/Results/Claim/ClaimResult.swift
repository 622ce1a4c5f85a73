import Specification
import Study

/// The result of testing a claim.
public struct ClaimResult: Sendable {
    /// The three results of a claim.
    public enum Verdict: String, Sendable, CaseIterable { case supported, refuted, undecided }

    /// The claim.
    public let claim: Claim
    /// The verdict.
    public let verdict: Verdict
    /// The comparison that decides the verdict: its differences are below zero where the claim holds. Nil without
    /// numbers.
    public let deciding: PairedTest?
    /// The reason for the verdict.
    public let reason: String
    /// The number of seeds with which an undecided claim would likely be decided.
    public let seedsNeeded: Int?

    /// More seeds may decide the claim: it has numbers, and they do not suffice.
    public var asksForSeeds: Bool { verdict == .undecided && deciding != nil }

    /// Family-wise type I error rate of a study, shared among its claims (Bonferroni).
    public static let significance = 0.05

    /// Tests every claim of a study.
    /// - Parameters:
    ///   - runs: all runs that the study names; claims about runs without a record are undecided.
    ///   - interimAnalyses: the analyses after which seeds were added. The first that decides a claim gives its
    ///     verdict.
    public static func of(
        _ claims: [Claim], runs: [any Placed], records: [Record], interimAnalyses: InterimAnalyses? = nil
    ) -> [ClaimResult] {
        let sample = ClaimSample(runs: runs, records: records)
        let share = significance / Double(max(1, claims.count))
        return claims.map { claim in
            guard let interimAnalyses else { return evaluate(claim, sample, confidence: 1 - share) }
            return evaluate(claim, sample, share, interimAnalyses)
        }
    }

    private static func evaluate(
        _ claim: Claim, _ sample: ClaimSample, _ share: Double, _ interimAnalyses: InterimAnalyses
    ) -> ClaimResult {
        var result: ClaimResult?
        for analysis in interimAnalyses.taken where analysis.share > 0 {
            let seen = sample.keeping { run in
                // A run on which the axis of seeds does not apply is part of every analysis.
                run.coordinates.first { $0.axis == Study.seedAxis }.map { seed in
                    analysis.seeds.contains { seed.is("\($0)") }
                } ?? true
            }
            result = evaluate(claim, seen, confidence: 1 - share * analysis.share)
            if result?.verdict != .undecided { break }
        }
        return result ?? evaluate(claim, sample, confidence: 1 - share)
    }

    private static func evaluate(_ claim: Claim, _ sample: ClaimSample, confidence: Double) -> ClaimResult {
        let statement = claim.statement, metric = statement.metric
        for (_, arm) in statement.selections {
            if let gap = sample.selecting(arm).gap(metric, along: statement.kind.axis) {
                return ClaimResult(claim: claim, verdict: .undecided, deciding: nil, reason: gap, seedsNeeded: nil)
            }
        }
        let comparisons = sample.parts(by: claim.each).flatMap { part in
            statement.kind.tests(of: part.sample, confidence: confidence).map { $0.named(part.label) }
        }
        guard !comparisons.isEmpty else {
            return ClaimResult(
                claim: claim, verdict: .undecided, deciding: nil, reason: "no runs can be paired", seedsNeeded: nil)
        }
        // All must hold; one that is turned round refutes.
        let sides = comparisons.map { $0.difference.side(of: 0) }
        let verdict: Verdict =
            sides.contains(.above) ? .refuted : sides.allSatisfy { $0 == .below } ? .supported : .undecided
        // The comparison nearest to spoiling the claim, or the one that did.
        let deciding = comparisons.max { $0.difference.worst < $1.difference.worst }!
        let needed = verdict == .undecided ? deciding.difference.seedsNeeded(against: 0) : nil
        return ClaimResult(
            claim: claim, verdict: verdict, deciding: deciding, reason: deciding.words, seedsNeeded: needed)
    }
}

extension PairedDifference {
    /// The mean in units of its own uncertainty: large where it is near to being above zero.
    fileprivate var worst: Double {
        guard let interval, interval.upperBound > interval.lowerBound else { return mean }
        return mean / (interval.upperBound - interval.lowerBound)
    }
}
