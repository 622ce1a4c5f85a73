/// The share of samples that lie nearer to a training row than that row lies to any other row: 1 minus the authenticity of
/// Alaa et al. (arXiv 2102.08921, section 3). Near ½ or above where samples are copies, small where a model generalises.
public struct Memorisation: Sendable {
    private let training: SquaredDistances
    private let origin: [Float]
    /// The squared distance of each training row to its nearest other row.
    private let own: [Float]

    /// - Parameter training: the rows that the model was trained on, `[count × dimension]`, row-major, at least two.
    public init(training samples: [Float], dimension: Int) {
        precondition(samples.count >= 2 * dimension, "\(samples.count / dimension) rows have no nearest other ones")
        origin = samples.meanSample(dimension: dimension)
        training = SquaredDistances(samples, around: origin)
        own = training.nearest([1])[0]
    }

    /// The share, in [0, 1], of samples `[count × dimension]`; NaN where one is not finite.
    public func callAsFunction(_ samples: [Float]) -> Double {
        let points = SquaredDistances(samples, around: origin)
        guard (points.squares + training.squares).allSatisfy(\.isFinite) else { return .nan }
        var copies = 0
        points.forEachRow(to: training) { _, squares in
            var nearest = 0
            for index in squares.indices where squares[index] < squares[nearest] { nearest = index }
            copies += squares[nearest] < own[nearest] ? 1 : 0
        }
        return Double(copies) / Double(points.count)
    }
}

extension Metric {
    /// `Memorisation`, on features; against the data alone, and only where a study asks for it.
    public static let memorisation = Metric(
        "memorisation", comparing: .trainingRows, on: .features, by: .memorisation)
}

extension Scoring {
    fileprivate static let memorisation = Scoring("memorisation") { sizes in
        (sizes.pair * sizes.reference * sizes.reference, sizes.pair * sizes.samples * sizes.reference)
    } comparing: { _, set in
        let memorisation = Memorisation(training: set.features, dimension: set.width)
        return { memorisation($0.features) }
    }
}
