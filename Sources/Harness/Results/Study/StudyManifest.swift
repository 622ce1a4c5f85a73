import Specification
import Study

/// The question, claims, runs and stages of a study, written as `study.json` beside its records: reports, progress
/// and the removal of unused products rely on it, and need no study file, which may be gone or changed.
package struct StudyManifest: Codable, Hashable, Sendable {
    /// The layout of the file.
    package static let schema = "ablate.manifest/2"

    package let study, question: String
    package let claims: [Claim]
    /// The columns of its table; nil for the usual ones.
    package let columns: [String]?
    /// All runs that the study names, done or not, in its order.
    package let points: [Point]
    /// The interim analyses of the claims, where seeds were added to decide them.
    package let interimAnalyses: InterimAnalyses?
    /// The figures that the study requests; nil where they follow from its axes.
    package let figures: [FigureChoice]?
    /// The shared stages that its runs are made from.
    package let shared: [Identity]
    /// The stages of the study's last run.
    package let stages: [StageItem]
    /// Whether the repetitions were chosen for that run alone (`--seeds`), so that the study itself may name others; absent is no.
    package let hasChosenSeeds: Bool?

    /// A run by its name alone.
    package struct Point: Codable, Hashable, Sendable, Placed {
        package let point: String
        package let coordinates: [SweepPoint.Coordinate]
        /// The identity of the run: a record of another one is of another version of the study.
        package let identity: Identity

        package init(point: String, coordinates: [SweepPoint.Coordinate], identity: Identity) {
            (self.point, self.coordinates, self.identity) = (point, coordinates, identity)
        }
    }

    /// A stage, for commands that show the progress of a study.
    package struct StageItem: Codable, Hashable, Sendable {
        package let title, kind: String
        package let identity: Identity
        /// The path of the product from the folder of results.
        package let product: String
        package let steps: Int
        /// The estimated seconds on one core.
        package let estimate: Double

        package init(
            title: String, kind: String, identity: Identity, product: String, steps: Int, estimate: Double
        ) {
            (self.title, self.kind, self.identity) = (title, kind, identity)
            (self.product, self.steps, self.estimate) = (product, steps, estimate)
        }
    }

    package init(
        study: String, question: String, claims: [Claim], columns: [String]? = nil, points: [Point],
        interimAnalyses: InterimAnalyses? = nil, figures: [FigureChoice]? = nil, shared: [Identity] = [],
        stages: [StageItem] = [], hasChosenSeeds: Bool? = nil
    ) {
        (self.study, self.question, self.claims, self.columns) = (study, question, claims, columns)
        (self.points, self.interimAnalyses, self.figures) = (points, interimAnalyses, figures)
        (self.shared, self.stages, self.hasChosenSeeds) = (shared, stages, hasChosenSeeds)
    }

    /// - Parameters:
    ///   - identities: the identities of all runs that the study names.
    ///   - stages: the stages of the study, done or not.
    package init(_ study: Study, identities: [String: Identity], stages: [StageItem]) {
        var seen: Set<Stage> = [], shared: [Identity] = []
        for run in study.named {
            for need in Stage.run(RunStage(run: run)).needs where seen.insert(need).inserted {
                shared.append(need.identity)
            }
        }
        self.init(
            study: study.name, question: study.question, claims: study.claims, columns: study.columns,
            points: study.named.map { run in
                guard let identity = identities[run.point] else { preconditionFailure("\(run.point) has no identity") }
                return Point(point: run.point, coordinates: run.coordinates, identity: identity)
            }, interimAnalyses: study.interimAnalyses, figures: study.figures, shared: shared, stages: stages,
            hasChosenSeeds: study.hasChosenSeeds ? true : nil)
    }
}
