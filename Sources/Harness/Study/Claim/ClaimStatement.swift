import FlowMaps
import Specification

/// A kind of statement that a claim may make: `lower: {metric: …, of: …, than: …}`.
///
/// Each is a type in a file of its own, listed in `Claim.Statement.kinds`; its stored properties are the keys in a study.
package protocol ClaimStatement: NamedKind, Validated {
    /// The score that it is about.
    var metric: String { get }
    /// The axis of numbers that it goes along; nil for none.
    var axis: String? { get }
    /// Values of axes that it names, each with the key it is written under.
    var arms: [(key: String, arm: [String: String])] { get }
    /// Scores of runs are compared with each other, so that they must be of equal numbers of samples.
    var comparesRuns: Bool { get }
    /// The inequalities that it consists of, each with a difference for every pair of runs; all must hold.
    func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest]
}

extension ClaimStatement {
    package var axis: String? { nil }
    package var comparesRuns: Bool { true }
    package func validate() throws(Violation) {}
}

extension Claim {
    /// What a claim says, in a form that can be tested.
    public struct Statement: Hashable, Sendable {
        /// The kind of statement with its settings.
        package let kind: any ClaimStatement

        /// The kinds of statements, in the order in which errors list them; a program that has more says so here.
        @TaskLocal package static var kinds: [any ClaimStatement.Type] = [
            LowerStatement.self, AlikeStatement.self, RisesStatement.self, FallsStatement.self, FlatStatement.self,
            NearFloorStatement.self, LowestStatement.self,
        ]

        /// A statement of a kind.
        package init(_ kind: any ClaimStatement) { self.kind = kind }

        /// Both are of one kind with the same settings.
        public static func == (first: Statement, second: Statement) -> Bool { first.kind.isEqual(to: second.kind) }

        /// Hashes the settings.
        public func hash(into hasher: inout Hasher) { hasher.combine(kind) }

        /// The score that the claim is about.
        public var metric: String { kind.metric }

        /// Values of axes that the claim names, each with the keys it is written under: "lower.of".
        package var selections: [(key: String, arm: [String: String])] {
            kind.arms.map { ("\(type(of: kind).name).\($0.key)", $0.arm) }
        }
    }
}

extension Claim.Statement: Codable, KindChoice {
    package static var listedKinds: [any NamedKind.Type] { kinds }

    /// Decodes the one kind that is named.
    public init(from decoder: any Decoder) throws {
        self.init(try Self.decodeKind(from: decoder) as! any ClaimStatement)
    }

    /// Encodes the kind with its settings.
    public func encode(to encoder: any Encoder) throws { try Self.encode(kind, to: encoder) }
}
