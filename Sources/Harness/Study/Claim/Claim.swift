import FlowMaps

/// A prediction of a study about its results, in a form that can be tested.
///
///     claims:
///       synergy:
///         says: Combined has a lower Fréchet distance than prediction alone.
///         lower: {metric: frechetDistance, of: {objective: combined}, than: {objective: prediction}}
///
/// Arms are named by values of axes; every seed of an arm is one measurement, and seeds are paired. Axes within a
/// record are named like the study's own: `step` of the training, `mapSteps` of the student, `duration` of the drift,
/// `strategy` and `budget` of a search.
public struct Claim: Hashable, Sendable, Codable {
    /// The key of the claim.
    public let name: String
    /// The claim in words.
    public let says: String
    /// The statement that is tested.
    public let statement: Statement
    /// An axis of the study, at each of whose values the statement is tested by itself: all must support it. Nil tests all runs
    /// together. Seeds of students alone, with one teacher, may agree on what another teacher's students deny.
    public let each: String?

    /// A claim with its statement.
    public init(name: String, says: String, statement: Statement, each: String? = nil) {
        (self.name, self.says, self.statement, self.each) = (name, says, statement, each)
    }

    /// The statements that can be tested.
    public enum Statement: Hashable, Sendable, Codable, Validated {
        /// The arm `of` is below the arm `than`, by at least the part `by` of it.
        case lower(metric: String, of: [String: String], than: [String: String], by: Double?)
        /// The arm `of` is neither above nor below the arm `to` by more than a part of it.
        case alike(metric: String, of: [String: String], to: [String: String], within: Double)
        /// The metric goes up along an axis of numbers, between two of its values: the slope over the ranks of these is above zero.
        case rises(metric: String, along: String, from: Double?, to: Double?, where: [String: String]?)
        /// The metric goes down along an axis of numbers, between two of its values.
        case falls(metric: String, along: String, from: Double?, to: Double?, where: [String: String]?)
        /// Nowhere along the axis, between two of its values, is the metric above that of the first by more than a part.
        case flat(metric: String, along: String, from: Double?, to: Double?, within: Double, where: [String: String]?)
        /// The arm is at most a part above the teacher's own score.
        case nearFloor(metric: String, of: [String: String], within: Double)
        /// The lowest value along an axis of numbers is at most `tolerance` from `at`.
        case lowest(metric: String, along: String, at: Double, tolerance: Double, where: [String: String]?)

        /// The keys in a specification.
        public enum CodingKeys: String, CodingKey, CaseIterable {
            case lower, alike, rises, falls, flat, nearFloor, lowest
        }

        /// Checks the ranges of the settings.
        public func validate() throws(Violation) {
            switch self {
            case .lower(_, let of, let than, let by):
                try require(of != than, "lower.than", found: "the arm of 'of'", allowed: "another arm")
                if let by { try require(by, "lower.by", in: 0..<1) }
            case .alike(_, let of, let to, let within):
                try require(of != to, "alike.to", found: "the arm of 'of'", allowed: "another arm")
                try require(
                    within > 0 && within < 1, "alike.within", found: within, allowed: "more than 0 and less than 1")
            case .rises(_, _, let from, let to, _): try order(from, to, "rises")
            case .falls(_, _, let from, let to, _): try order(from, to, "falls")
            case .flat(_, _, let from, let to, let within, _):
                try order(from, to, "flat")
                try positive(within, "flat.within")
            case .nearFloor(_, _, let within): try positive(within, "nearFloor.within")
            case .lowest(_, _, _, let tolerance, _): try require(tolerance, "lowest.tolerance", in: 0...)
            }
        }

        private func order(_ from: Double?, _ to: Double?, _ key: String) throws(Violation) {
            guard let from, let to else { return }
            try require(to > from, "\(key).to", found: to, allowed: "more than its from, \(from)")
        }
    }
}

extension Claim.Statement {
    /// The score that the claim is about.
    public var metric: String {
        switch self {
        case .lower(let metric, _, _, _), .alike(let metric, _, _, _), .rises(let metric, _, _, _, _),
            .falls(let metric, _, _, _, _), .flat(let metric, _, _, _, _, _), .nearFloor(let metric, _, _),
            .lowest(let metric, _, _, _, _):
            metric
        }
    }

    /// The axis that the claim goes along.
    package var axis: String? {
        switch self {
        case .lower, .alike, .nearFloor: nil
        case .rises(_, let axis, _, _, _), .falls(_, let axis, _, _, _), .flat(_, let axis, _, _, _, _),
            .lowest(_, let axis, _, _, _):
            axis
        }
    }

    /// Values of axes that the claim names, each with the key it is written under.
    package var selections: [(key: String, arm: [String: String])] {
        switch self {
        case .lower(_, let of, let than, _): [("lower.of", of), ("lower.than", than)]
        case .alike(_, let of, let to, _): [("alike.of", of), ("alike.to", to)]
        case .nearFloor(_, let of, _): [("nearFloor.of", of)]
        case .rises(_, _, _, _, let arm): [("rises.where", arm ?? [:])]
        case .falls(_, _, _, _, let arm): [("falls.where", arm ?? [:])]
        case .flat(_, _, _, _, _, let arm): [("flat.where", arm ?? [:])]
        case .lowest(_, _, _, _, let arm): [("lowest.where", arm ?? [:])]
        }
    }
}
