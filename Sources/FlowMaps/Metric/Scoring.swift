import Foundation

/// A computation over a set of samples, which gives the value of one metric or, where they share the work, of several.
public struct Scoring: Sendable {
    /// What a set of samples scores, a value for each metric; nil where it has no meaning for these samples.
    public typealias Scorer = (ScoredSamples) -> [Double]?

    /// The name, by which metrics of one computation are known.
    public let name: String
    /// Operations, counted as those of a matrix product, of preparing the reference once and of measuring one set.
    public let operations: @Sendable (Sizes) -> (reference: Double, samples: Double)
    /// Prepares the reference; nil where the computation has no meaning for it.
    public let prepared: @Sendable (ScoringReference) -> Scorer?

    /// A computation that passes over the samples once, if no other cost is given.
    public init(
        _ name: String, operations: @escaping @Sendable (Sizes) -> (reference: Double, samples: Double) = \.onePass,
        prepared: @escaping @Sendable (ScoringReference) -> Scorer?
    ) {
        (self.name, self.operations, self.prepared) = (name, operations, prepared)
    }

    /// A computation of one number that compares samples with a set.
    init(
        _ name: String, operations: @escaping @Sendable (Sizes) -> (reference: Double, samples: Double) = \.onePass,
        comparing prepared: @escaping @Sendable (ScoringReference, ScoredSamples) -> (ScoredSamples) -> Double
    ) {
        self.init(name, operations: operations) { reference in
            reference.set.map { set in
                let score = prepared(reference, set)
                return { [score($0)] }
            }
        }
    }

    /// The sizes on which the cost of a computation depends.
    public struct Sizes: Sendable {
        /// Samples that are measured, and samples of the reference.
        public let samples, reference: Double
        /// The length of a sample, and of its features.
        public let dimension, width: Double
        /// Projections of the sliced Wasserstein distance.
        public let projections: Double

        /// Sizes from their numbers.
        public init(samples: Double, reference: Double, dimension: Double, width: Double, projections: Double) {
            (self.samples, self.reference, self.dimension) = (samples, reference, dimension)
            (self.width, self.projections) = (width, projections)
        }

        /// The cost of a few operations a number.
        public var onePass: (reference: Double, samples: Double) { (0, 10 * samples * dimension) }

        /// Operations of the distance of two features, and besides its product of a comparison or a kernel.
        var pair: Double { 2 * width + 10 }

        /// The cost of all distances in the plane within the reference, within the samples and between both, each so many times a
        /// distance with its root or exponential.
        func distances(times: Double) -> (reference: Double, samples: Double) {
            let each = 20 * times
            return (each * reference * reference, each * samples * (samples + reference))
        }
    }
}

/// A set of samples as metrics see it.
public struct ScoredSamples: Sendable {
    /// The samples, `[count × dimension]`, row-major.
    public let samples: [Float]
    /// Their features, `[count × width]`; the samples themselves where there is no extractor.
    public let features: [Float]
    /// The length of one sample, and of its features.
    public let dimension, width: Int
    /// A classifier's logits, `[count × classCount]`; nil where there is no classifier.
    public let logits: [Float]?
    /// The number of classes of the logits.
    public let classCount: Int?

    /// A set from its numbers.
    public init(
        samples: [Float], dimension: Int, features: [Float], width: Int, logits: [Float]? = nil, classCount: Int? = nil
    ) {
        (self.samples, self.dimension, self.features, self.width) = (samples, dimension, features, width)
        (self.logits, self.classCount) = (logits, classCount)
    }
}

/// What samples are scored against.
public struct ScoringReference: Sendable {
    /// The set that they are compared with; nil where only moments are known.
    public let set: ScoredSamples?
    /// The moments of the set's features, where they are in a file.
    public let moments: GaussianMoments?
    /// Projections of the sliced Wasserstein distance.
    public let projections: Int
    /// The teacher's samples from the evaluation noise and that noise, both `[count × dimension]`.
    public let teacher, noise: [Float]
    /// The classes that were asked for, `[count]`; nil for data without classes.
    public let labels: [Int]?
    /// The number of the data's classes.
    public let classCount: Int
    /// The modes of the data, where they are a mixture of Gaussians.
    public let modes: ModeCoverage?

    /// A reference from its parts.
    public init(
        set: ScoredSamples?, moments: GaussianMoments? = nil, projections: Int, teacher: [Float], noise: [Float],
        labels: [Int]?, classCount: Int, modes: ModeCoverage?
    ) {
        (self.set, self.moments, self.projections) = (set, moments, projections)
        (self.teacher, self.noise, self.labels) = (teacher, noise, labels)
        (self.classCount, self.modes) = (classCount, modes)
    }
}
