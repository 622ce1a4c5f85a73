/// Distributions of time that methods of several families take. A distribution that hardly reaches the ends of time is mixed half with a uniform one: one step
/// asks for t = 1, s = 0, where a small network that never saw it is wrong.
extension TimeDistribution {
    static let everywhere = TimeDistribution.uniform(from: 0, to: 1)

    /// Half logit-normal, half uniform.
    static func covered(_ location: Double, _ scale: Double) -> TimeDistribution {
        .mixture(of: [
            .init(weight: 1, distribution: .logitNormal(location: location, scale: scale)),
            .init(weight: 1, distribution: everywhere),
        ])
    }

    /// Three rows of four uniform, one at an end of time.
    static func reaching(_ end: Double) -> TimeDistribution {
        .mixture(of: [.init(weight: 3, distribution: everywhere), .init(weight: 1, distribution: .point(at: end))])
    }
}

extension TimePairs {
    /// The whole step, from t = 1 to s = 0.
    static let oneStep = TimePairs.toData(times: .point(at: 1))
    /// Uniform on the triangle s < t.
    static let triangle = TimePairs.pair(first: .everywhere, second: .everywhere, equal: 0)
    /// The same with a quarter of the rows at t = 1 and a quarter at s = 0.
    static let reachingEnds = TimePairs.pair(first: .reaching(1), second: .reaching(0), equal: 0)
}
