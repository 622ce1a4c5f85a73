import Tensors

/// The source of the states that a student is trained at. This alone decides whether a method is data-based or
/// data-free.
public enum StateSource: Codable, Hashable, Sendable, Validated {
    /// The prior alone: t = 1, x_t = z. Data-free.
    case prior
    /// The data set, augmented, and noised to x_t. Data-based.
    case data(augmentation: Augmentation)
    /// `count` samples of the teacher, drawn once before the training, and noised to x_t. Data-free.
    case teacherSamples(count: Int, sampler: Sampler, coupling: Coupling)
    /// The teacher's own path from the prior to t, run at each step of the training. Data-free.
    case teacherPath(sampler: Sampler)
    /// f(z, 1, t) of the student as it is. Data-free.
    case studentPath
    /// f(z, 1, 0) of the student as it is, noised to x_t. Data-free.
    case studentSamples

    /// The noise that a teacher's sample is noised with.
    public enum Coupling: String, Codable, Hashable, Sendable, CaseIterable {
        /// The noise that the sample was made from.
        case paired
        /// Any noise.
        case independent
    }

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case prior, data, teacherSamples, teacherPath, studentPath, studentSamples
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .teacherSamples(let count, let sampler, let coupling):
            try require(count, "teacherSamples.count", atLeast: 1, atMost: Most.setSize)
            try require(
                sampler.evaluations(guidance: nil) != nil, "teacherSamples.sampler", found: "adaptive",
                allowed: "euler, heun or sde, whose cost is known beforehand: it is part of the training's")
            try require(
                coupling == .independent || !sampler.isStochastic, "teacherSamples.coupling", found: "paired",
                allowed: "independent, as samples by sde are no function of the noise")
        case .teacherPath(let sampler):
            switch sampler {
            case .euler(_, let grid), .heun(_, let grid):
                try require(
                    grid == nil, "teacherPath.sampler.\(sampler.name).grid", found: "a grid",
                    allowed: "none: the path to a time of each row's own takes even steps")
            case .adaptive, .sde:
                throw Violation(
                    key: "teacherPath.sampler", found: sampler.name,
                    allowed: "euler or heun: the path is a function of the noise, in as many steps for every row")
            }
        case .prior, .data, .studentPath, .studentSamples: break
        }
    }

    /// The source needs no data set.
    public var isDataFree: Bool { if case .data = self { false } else { true } }

    /// A state is made from a sample and a noise that are both known.
    public var hasPairs: Bool {
        switch self {
        case .data, .teacherSamples, .studentSamples: true
        case .prior, .teacherPath, .studentPath: false
        }
    }
}

/// A data set as constants of a program.
public struct TrainingData: Sendable {
    /// [n, d].
    public let samples: Tensor
    /// [n]; nil without classes.
    public let labels: Tensor?
    /// The number of classes; 0 without.
    public let classes: Int
    /// Channels, height and width of a sample that is an image.
    public let image: ImageShape?
    /// The value of an empty pixel.
    public let background: Double

    /// A data set as constants.
    public init(_ dataset: Dataset) {
        samples = Tensor(dataset.samples, shape: [dataset.count, dataset.dimension])
        labels = dataset.labels.map { Tensor($0.map(Float.init), shape: [dataset.count]) }
        classes = dataset.classCount
        image = dataset.imageShape
        background = Double(dataset.valueRange?.lowerBound ?? 0)
    }

    /// A data set whose samples lie in memory of another owner.
    /// - Parameters:
    ///   - samples: [n, d].
    ///   - labels: [n]; nil without classes.
    ///   - background: the value of an empty pixel.
    package init(samples: Tensor, labels: Tensor?, classes: Int, image: ImageShape?, background: Double) {
        (self.samples, self.labels, self.classes) = (samples, labels, classes)
        (self.image, self.background) = (image, background)
    }

    /// The length of one sample.
    public var dimension: Int { samples.shape[1] }

    /// Rows drawn with replacement at a step: [count, d] and their labels [count].
    public func draw(_ count: Int, key: RandomKey, step: Tensor) -> (samples: Tensor, condition: Condition) {
        let rows = Tensor.integers(below: samples.shape[0], [count], key: key.folding("rows"), step: step)
        let labels = labels.map { $0.reshaped(to: [samples.shape[0], 1]).gather(rows).reshaped(to: [count]) }
        return (samples.gather(rows), Condition(labels: labels))
    }
}
