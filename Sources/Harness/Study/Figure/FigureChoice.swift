import Specification

/// A figure that a study requests, in place of those that follow from its axes.
///
///     figures:
///       - {overTraining: {of: recall, by: samples}}
///       - {along: {axis: strength, of: frechetDistance}}
///       - drift
public struct FigureChoice: Hashable, Sendable {
    /// The kind of figure with its settings.
    package let kind: any FigureKind

    /// The kinds of figures, in the order in which errors list them; a program that has more says so here.
    @TaskLocal package static var kinds: [any FigureKind.Type] = [
        BarsFigure.self, AlongFigure.self, OverTrainingFigure.self, OverDiscrepancyFigure.self, TradeOffFigure.self,
        CostFigure.self, HeatFigure.self, SearchFigure.self, DriftFigure.self, PlaneFigure.self,
        PlaneOverTrainingFigure.self, TrajectoriesFigure.self, SamplesFigure.self,
    ]

    /// A figure of a kind.
    package init(_ kind: any FigureKind) { self.kind = kind }

    /// Both are of one kind with the same settings.
    public static func == (first: FigureChoice, second: FigureChoice) -> Bool { first.kind.isEqual(to: second.kind) }

    /// Hashes the settings.
    public func hash(into hasher: inout Hasher) { hasher.combine(kind) }

    /// The name of the figure in a study.
    package var name: String { type(of: kind).name }
}

extension FigureChoice: Codable, KindChoice {
    /// The name of a kind of figure in a specification.
    package typealias CodingKeys = KindKey<FigureChoice>

    package static var listedKinds: [any NamedKind.Type] { kinds }

    /// Decodes the one kind that is named.
    public init(from decoder: any Decoder) throws {
        self.init(try Self.decodeKind(from: decoder) as! any FigureKind)
    }

    /// Encodes the kind with its settings.
    public func encode(to encoder: any Encoder) throws { try Self.encode(kind, to: encoder) }
}
