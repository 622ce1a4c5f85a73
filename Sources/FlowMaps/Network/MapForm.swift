/// The parts of a student's network that a velocity's network lacks: the conditioning on the step's end, and the
/// head.
public struct MapForm: Codable, Hashable, Sendable, Validated {
    /// The conditioning on the step's end.
    public var conditioning: StepConditioning
    /// The output of the network.
    public var head: Head

    /// A form from its two parts; that of a velocity's network by default, with an embedder of durations.
    public init(conditioning: StepConditioning = .duration, head: Head = .velocity) {
        (self.conditioning, self.head) = (conditioning, head)
    }

    /// An embedder of durations in the network, which gives the mean velocity.
    public static let plain = MapForm()

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {}

    /// Checks that a network of a shape can have the form.
    /// - Throws: `Violation` with the key `conditioning` or `head`.
    public func validate(for shape: NetworkShape) throws(Violation) {
        try require(
            self == .plain || shape.takesForms, conditioning == .duration ? "head" : "conditioning",
            found: "a network that keeps magnitudes or is preconditioned",
            allowed: "mlp or sit as the teacher's network")
        guard case .decoupled(let early) = conditioning else { return }
        let depth = shape.depth, seen = StepConditioning.early(early, of: depth)
        try require(
            seen > 0 && seen < depth, "conditioning.decoupled.early", found: "\(early) of \(depth) layers",
            allowed: "a share that leaves one layer at least on each side, of two or more")
    }
}

/// The conditioning of a student on the time s at which its step from t ends.
public enum StepConditioning: Codable, Hashable, Sendable, Validated {
    /// An embedder of the duration t − s, added to the condition of all layers; its last layer begins at 0.
    case duration
    /// The first share of the layers sees t and the others see s (arXiv 2510.24474). A transformer's blocks use the
    /// embedder of time that it has already, so nothing is added and F(x, t, t) = u(x, t) at first. A perceptron sees
    /// the time in its first layer alone: its first late layer gets an embedder of s whose last layer begins at 0, so
    /// that F(x, t, s) = u(x, t) at first.
    case decoupled(early: Double)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case duration, decoupled }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        guard case .decoupled(let early) = self else { return }
        try require(early > 0 && early < 1, "decoupled.early", found: early, allowed: "more than 0 and less than 1")
    }

    /// The number of early layers of a depth.
    static func early(_ share: Double, of depth: Int) -> Int { Int((share * Double(depth)).rounded()) }
}

/// The output of a student's network.
public enum Head: Codable, Hashable, Sendable, Validated {
    /// F: one vector.
    case velocity
    /// A policy by a mixture of so many Gaussians for the sample at time 0, evaluated in `substeps` steps of Euler's method without
    /// the network (GMFlow policy, arXiv 2510.14974).
    case mixture(components: Int, over: Location, substeps: Int)
    /// A policy by so many samples at evenly spaced times of the step, with straight lines between (DX policy, arXiv 2510.14974).
    case grid(points: Int, substeps: Int)

    /// The numbers that one mixture is over.
    public enum Location: String, Codable, Hashable, Sendable, CaseIterable {
        /// The channels of a pixel; a sample that is no image is one pixel.
        case pixel
        /// The whole sample.
        case sample
    }

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case velocity, mixture, grid }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .velocity: break
        case .mixture(let components, _, let substeps):
            try require(components, "mixture.components", atLeast: 1, atMost: Most.unrolled)
            try require(substeps, "mixture.substeps", atLeast: 1, atMost: Most.unrolled)
        case .grid(let points, let substeps):
            try require(points, "grid.points", atLeast: 1, atMost: Most.unrolled)
            try require(substeps, "grid.substeps", atLeast: 1, atMost: Most.unrolled)
        }
    }

    /// The name of the head in a specification.
    var name: String {
        switch self {
        case .velocity: "velocity"
        case .mixture: "mixture"
        case .grid: "grid"
        }
    }

    /// Vectors of the sample's shape that the network gives: of a mixture its means, then the logits of its weights and last the
    /// logarithm of its deviation, each of these the mean over the numbers that it is of.
    package var fields: Int {
        switch self {
        case .velocity: 1
        case .mixture(let components, _, _): 2 * components + 1
        case .grid(let points, _): points
        }
    }

    /// The first fields, which begin as the velocity.
    var velocities: Int {
        switch self {
        case .velocity: 1
        case .mixture(let components, _, _): components
        case .grid(let points, _): points
        }
    }

    /// Steps of Euler's method in one evaluation of the network; 1 where it gives a velocity.
    package var substeps: Int {
        switch self {
        case .velocity: 1
        case .mixture(_, _, let substeps), .grid(_, let substeps): substeps
        }
    }
}
