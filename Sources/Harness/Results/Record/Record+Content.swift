import FlowMaps
import Specification
import Study

extension Record {
    /// The content of a record without its provenance. The contents of records of one run are equal bit for bit on
    /// machines of one kind, in however many processes and with however many interruptions they were made.
    public struct Content: Hashable, Sendable {
        /// The run.
        public let run: Run
        /// The identity of the run.
        public let identity: Identity
        /// The outcome.
        public let outcome: Outcome
        /// The measurements of the training and of the evaluations.
        public let training, evaluation: Curves
        /// The teacher's own scores.
        public let reference: ReferenceScores
        /// The source of the features that scores were taken on.
        public let features: FeatureSource?
        /// The drift from the teacher's path.
        public let drift: Drift?
        /// The results of inference-time search.
        public let search: SearchCurves?
        /// The samples of the last evaluation.
        public let samples: SavedSamples?
        /// The samples of each evaluation.
        public let overTraining: SampleSnapshots?
        /// The trajectories from noise to data.
        public let trajectories: Trajectories?
    }

    /// The content of this record.
    public var content: Content {
        Content(
            run: run, identity: identity, outcome: outcome, training: training, evaluation: evaluation,
            reference: reference, features: features, drift: drift, search: search, samples: samples,
            overTraining: overTraining, trajectories: trajectories)
    }
}
