import FlowMaps
import Specification
import Study

/// What a run leaves: complete or absent. Everything that tables, figures and a repetition need is in it.
public struct Record: Sendable {
    /// The layout of the file, which is no part of an identity; raised when a reader of the old one would misread the new.
    public static let schema = "ablate.run/2"

    public let run: Run
    public let identity: Identity
    public let outcome: Outcome
    /// What training measured, on the schedule of `Record.trainingPoints`.
    public let training: Curves
    /// What the evaluations measured, on the schedule of the specification.
    public let evaluation: Curves
    /// How the teacher scores from the same noise, by its sampler and by one Euler step.
    public let reference: ReferenceScores
    /// What the features were that some scores were taken on; absent from records of earlier versions.
    public let features: FeatureSource?
    /// How far the student ends from the teacher's path; absent where that was not measured.
    public let drift: Drift?
    /// What inference-time search with the student came to; absent where the study searches for nothing.
    public var search: SearchCurves?
    /// Absent where the run failed before its first evaluation.
    public let samples: SavedSamples?
    public let provenance: Provenance
    /// Absent where the specification does not ask for it.
    public internal(set) var overTraining: SampleSnapshots? = nil
    /// Absent where the specification does not ask for it, and where training diverged.
    public internal(set) var trajectories: Trajectories? = nil

    package init(
        run: Run, identity: Identity, outcome: Outcome, training: Curves, evaluation: Curves,
        reference: ReferenceScores, features: FeatureSource?, drift: Drift?, search: SearchCurves? = nil,
        samples: SavedSamples?, provenance: Provenance, overTraining: SampleSnapshots? = nil,
        trajectories: Trajectories? = nil
    ) {
        (self.run, self.identity, self.outcome) = (run, identity, outcome)
        (self.training, self.evaluation, self.reference, self.features) = (training, evaluation, reference, features)
        (self.drift, self.search, self.samples, self.provenance) = (drift, search, samples, provenance)
        (self.overTraining, self.trajectories) = (overTraining, trajectories)
    }

    public enum Outcome: Hashable, Sendable {
        case done
        /// Training ended in numbers that are not finite.
        case diverged(step: Int, cause: String)
    }

    /// Points of a training curve in a record; training measures at every step.
    package static let trainingPoints = 200
}

/// Named numbers over training steps.
public struct Curves: Hashable, Sendable {
    public var steps: [Int] = []
    public var names: [String] = []
    /// One list a name, as long as `steps`.
    public var columns: [[Double]] = []

    public init(names: [String] = []) {
        self.names = names
        columns = names.map { _ in [] }
    }

    public mutating func append(step: Int, _ values: [Double]) {
        precondition(values.count == names.count, "\(values.count) values for \(names)")
        steps.append(step)
        for (index, value) in values.enumerated() { columns[index].append(value) }
    }

    public subscript(name: String) -> [Double]? { names.firstIndex(of: name).map { columns[$0] } }

    /// The last value of each name.
    public var last: Scores {
        Scores(zip(names, columns).compactMap { name, column in column.last.map { (name, $0) } })
    }
}

/// Named numbers, in order.
public struct Scores: Hashable, Sendable {
    public let names: [String]
    public let values: [Double]

    public init(_ pairs: [(String, Double)]) {
        names = pairs.map(\.0)
        values = pairs.map(\.1)
    }

    public subscript(name: String) -> Double? { names.firstIndex(of: name).map { values[$0] } }
}

/// The teacher's own scores, between which students are expected.
public struct ReferenceScores: Hashable, Sendable {
    /// By the sampler of the specification: no student can be judged below.
    public let floor: Scores
    public let floorEvaluations: Int
    /// By one Euler step.
    public let ceiling: Scores
    public let ceilingEvaluations: Int

    package init(floor: Scores, floorEvaluations: Int, ceiling: Scores, ceilingEvaluations: Int) {
        (self.floor, self.floorEvaluations) = (floor, floorEvaluations)
        (self.ceiling, self.ceilingEvaluations) = (ceiling, ceilingEvaluations)
    }
}

/// The first samples of the last evaluation, beside the teacher's from the same noise.
public struct SavedSamples: Hashable, Sendable {
    /// [count · dimension]; the student's in one step.
    public let student, teacher: [Float]
    public let labels: [Int]?
    public let dimension: Int
    /// The student's in more than one step, the fewest first; empty where it was sampled in one alone.
    public let inSteps: [InSteps]

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

    public var count: Int { student.count / dimension }

    /// The numbers of steps that there are samples in, rising from 1.
    public var steps: [Int] { [1] + inSteps.map(\.steps) }

    /// The student's samples [count · dimension] in so many steps; nil where they were not made.
    public func student(in steps: Int) -> [Float]? {
        steps == 1 ? student : inSteps.first { $0.steps == steps }?.values
    }
}
