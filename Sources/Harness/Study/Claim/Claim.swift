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
}
