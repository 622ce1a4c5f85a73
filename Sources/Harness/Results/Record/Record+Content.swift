import FlowMaps
import Specification
import Study

extension Record {
    /// What a record says of the result: all but when, where and how it came about. The records of one run are equal in it bit
    /// for bit on machines of one kind, in however many processes and with however many interruptions they were made.
    public struct Content: Hashable, Sendable {
        public let run: Run
        public let identity: Identity
        public let outcome: Outcome
        public let training, evaluation: Curves
        public let reference: ReferenceScores
        public let features: FeatureSource?
        public let drift: Drift?
        public let search: SearchCurves?
        public let samples: SavedSamples?
        public let overTraining: SampleSnapshots?
        public let trajectories: Trajectories?
    }

    public var content: Content {
        Content(
            run: run, identity: identity, outcome: outcome, training: training, evaluation: evaluation,
            reference: reference, features: features, drift: drift, search: search, samples: samples,
            overTraining: overTraining, trajectories: trajectories)
    }
}
