import FlowMaps
import Specification
import Study

/// The result of a run: complete or absent. It contains everything that tables, figures and a repetition need.
public struct Record: Sendable {
    /// The layout of the file, which is not part of an identity; raised when a reader of the old one would misread
    /// the new.
    public static let schema = "ablate.run/2"

    /// The run, with its full specification.
    public let run: Run
    /// The identity of the run.
    public let identity: Identity
    /// The outcome of the training.
    public let outcome: Outcome
    /// The measurements of the training, at `Record.trainingPoints` steps.
    public let training: Curves
    /// The scores of the evaluations, at the steps that the specification gives.
    public let evaluation: Curves
    /// The teacher's scores from the same noise, by its sampler and by one Euler step.
    public let reference: ReferenceScores
    /// The source of the features that some scores were taken on; nil in records of earlier versions.
    public let features: FeatureSource?
    /// The student's drift from the teacher's path; nil where it was not measured.
    public let drift: Drift?
    /// The results of inference-time search with the student; nil where the study has none.
    public var search: SearchCurves?
    /// The machine, times and versions that the record was made by.
    public let provenance: Provenance
    /// The samples and trajectories.
    var arrays: RecordArrays

    /// The samples of the last evaluation; nil where the run failed before its first.
    public var samples: SavedSamples? { arrays.content.samples }
    /// The samples of each evaluation; nil where the specification does not request them.
    public internal(set) var overTraining: SampleSnapshots? {
        get { arrays.content.overTraining }
        set { arrays = arrays.changed { $0.overTraining = newValue } }
    }
    /// The trajectories from noise to data; nil where the specification does not request them, and where training
    /// diverged.
    public internal(set) var trajectories: Trajectories? {
        get { arrays.content.trajectories }
        set { arrays = arrays.changed { $0.trajectories = newValue } }
    }
    /// The lengths of one sample of each kind, known without reading any.
    package var lengths: RecordArrays.Lengths { arrays.lengths }

    package init(
        run: Run, identity: Identity, outcome: Outcome, training: Curves, evaluation: Curves,
        reference: ReferenceScores, features: FeatureSource?, drift: Drift?, search: SearchCurves? = nil,
        samples: SavedSamples?, provenance: Provenance, overTraining: SampleSnapshots? = nil,
        trajectories: Trajectories? = nil
    ) {
        (self.run, self.identity, self.outcome) = (run, identity, outcome)
        (self.training, self.evaluation, self.reference, self.features) = (training, evaluation, reference, features)
        (self.drift, self.search, self.provenance) = (drift, search, provenance)
        arrays = RecordArrays(.init(samples: samples, overTraining: overTraining, trajectories: trajectories))
    }

    /// The outcome of a run's training.
    public enum Outcome: Codable, Hashable, Sendable {
        case done
        /// A loss or gradient was not finite any more.
        case diverged(step: Int, cause: String)
    }

    /// Points of a training curve in a record; training measures at every step.
    package static let trainingPoints = 200
}

/// Named numbers over training steps.
public struct Curves: Hashable, Sendable {
    /// The steps, rising.
    public var steps: [Int] = []
    /// The names of the numbers.
    public var names: [String] = []
    /// One list a name, as long as `steps`.
    public var columns: [[Double]] = []

    /// Curves of the given names without steps.
    public init(names: [String] = []) {
        self.names = names
        columns = names.map { _ in [] }
    }

    /// Adds the numbers of a step, one per name.
    public mutating func append(step: Int, _ values: [Double]) {
        precondition(values.count == names.count, "\(values.count) values for \(names)")
        steps.append(step)
        for (index, value) in values.enumerated() { columns[index].append(value) }
    }

    /// The numbers of a name over the steps; nil where there is no such name.
    public subscript(name: String) -> [Double]? { names.firstIndex(of: name).map { columns[$0] } }

    /// The last value of each name.
    public var last: Scores {
        Scores(zip(names, columns).compactMap { name, column in column.last.map { (name, $0) } })
    }
}

/// Named numbers, in order.
public struct Scores: Codable, Hashable, Sendable {
    /// The names.
    public let names: [String]
    /// The numbers, one per name.
    public let values: [Double]

    /// Names with their numbers.
    public init(_ pairs: [(String, Double)]) {
        names = pairs.map(\.0)
        values = pairs.map(\.1)
    }

    /// The number of a name; nil where there is no such name.
    public subscript(name: String) -> Double? { names.firstIndex(of: name).map { values[$0] } }
}

/// The teacher's own scores, between which students are expected.
public struct ReferenceScores: Codable, Hashable, Sendable {
    /// The scores by the sampler of the specification: no student is expected below.
    public let floor: Scores
    /// The number of network evaluations per sample by that sampler.
    public let floorEvaluations: Int
    /// The scores by one Euler step.
    public let ceiling: Scores
    /// The number of network evaluations per sample by one Euler step.
    public let ceilingEvaluations: Int

    package init(floor: Scores, floorEvaluations: Int, ceiling: Scores, ceilingEvaluations: Int) {
        (self.floor, self.floorEvaluations) = (floor, floorEvaluations)
        (self.ceiling, self.ceilingEvaluations) = (ceiling, ceilingEvaluations)
    }
}

/// The first samples of the last evaluation, and the teacher's from the same noise.
public struct SavedSamples: Hashable, Sendable {
    /// [count · dimension]; the student's in one step.
    public let student, teacher: [Float]
    /// The class of each sample; nil without classes.
    public let labels: [Int]?
    /// The length of one sample.
    public let dimension: Int
    /// The student's samples in more than one step, the fewest first; empty where it was sampled in one alone.
    public let inSteps: [InSteps]

    /// The student's samples in a number of steps.
    public struct InSteps: Hashable, Sendable {
        /// At least 2.
        public let steps: Int
        /// [count · dimension].
        public let values: [Float]

        package init(steps: Int, values: [Float]) {
            (self.steps, self.values) = (steps, values)
        }
    }

    package init(student: [Float], teacher: [Float], labels: [Int]?, dimension: Int, inSteps: [InSteps] = []) {
        precondition(
            inSteps.allSatisfy { $0.values.count == student.count },
            "\(student.count) numbers in one step, \(inSteps.map(\.values.count)) in more")
        (self.student, self.teacher, self.labels, self.dimension) = (student, teacher, labels, dimension)
        self.inSteps = inSteps
    }

    /// The number of samples.
    public var count: Int { student.count / dimension }

    /// The numbers of steps that there are samples in, rising from 1.
    public var steps: [Int] { [1] + inSteps.map(\.steps) }

    /// The student's samples [count · dimension] in so many steps; nil where they were not made.
    public func student(in steps: Int) -> [Float]? {
        steps == 1 ? student : inSteps.first { $0.steps == steps }?.values
    }
}
