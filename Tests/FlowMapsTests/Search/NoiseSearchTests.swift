import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@Suite("Search among noises")
struct NoiseSearchTests {
    private static let samples = 2000
    private static let evaluations = 31
    private let flow = GaussianFlow(mean: [0.5], deviation: [2])

    /// Heun in 16 steps is 31 evaluations.
    private func search(budgets: [Int], neighbours: Int = 2, radius: Double = 0.5) -> Search {
        Search(
            budgets: budgets, samples: Self.samples, sampler: .heun(steps: 16),
            neighbours: neighbours, radius: radius)
    }

    /// Searches of an exact teacher with its exact student; samples are liked by how large they are.
    private func searches(
        _ search: Search
    ) -> (Search.Strategy) -> [NoiseSearch<GaussianFlow, GaussianFlow>.Found] {
        { strategy in
            onCPU { backend in
                let searches = NoiseSearch(
                    search, teacher: flow, guidance: nil, student: flow, condition: .none, studentCondition: .none,
                    dimension: 1,
                    key: RandomKey(seed: 5), on: ProgramCache(backend)
                ) { $0.map(Double.init) }
                return try searches(strategy)
            }
        }
    }

    /// The share of a sample's distribution that lies below it, on average.
    private func meanRank(_ samples: [Float]) -> Double {
        let normal = samples.map { (Double($0) - 0.5) / 2 }
        // Φ by its logistic form, to 2e-4 (Bowling et al. 2009), beside a standard error of 0.003.
        let shares = normal.map { 1 / (1 + exp(-0.07056 * $0 * $0 * $0 - 1.5976 * $0)) }
        return shares.reduce(0, +) / Double(shares.count)
    }

    @Test("an exact student finds the noises that the teacher itself would choose")
    func exactStudent() {
        let tried = 8
        let student = searches(search(budgets: [Self.evaluations + tried]))(.student)[0]
        let teacher = searches(search(budgets: [Self.evaluations * tried]))(.bestOf)[0]
        #expect(student.evaluations == 39 && teacher.evaluations == 248)
        // One may differ where two noises are nearer than the sampler's error.
        let same = zip(student.samples, teacher.samples).count { $0 == $1 }
        #expect(same >= Self.samples - 1)
    }

    @Test("the best of N has N / (N + 1) of the distribution below it", arguments: [1, 3, 9])
    func rank(tried: Int) {
        let found = searches(search(budgets: [Self.evaluations * tried]))(.bestOf)[0]
        let expected = Double(tried) / Double(tried + 1)
        // The best of N uniform numbers has variance N / (N + 1)² (N + 2); four standard errors, and the form of Φ.
        let variance = expected / Double((tried + 1) * (tried + 2))
        #expect(abs(meanRank(found.samples) - expected) < 4 * (variance / Double(Self.samples)).squareRoot() + 1e-3)
    }

    @Test("zero-order search with neighbours that have nothing of their centre is the best of independent noises")
    func farNeighbours() {
        let budgets = [31, 100, 310]
        let near = searches(search(budgets: budgets, neighbours: 3, radius: 1))
        for (zeroOrder, best) in zip(near(.zeroOrder), near(.bestOf)) {
            #expect(mismatch(zeroOrder.samples, best.samples) == nil)
            #expect(zeroOrder.evaluations == best.evaluations)
        }
    }

    @Test("zero-order search climbs: it gets further than independent noises do")
    func climbs() {
        let searches = searches(search(budgets: [31 * 25], neighbours: 4, radius: 0.7))
        let (climbed, best) = (searches(.zeroOrder)[0].samples, searches(.bestOf)[0].samples)
        func mean(_ samples: [Float]) -> Double { samples.reduce(0) { $0 + Double($1) } / Double(samples.count) }
        #expect(mean(climbed) > mean(best) + 0.5)
    }

    @Test("more evaluations never find less of what is liked, in any strategy", arguments: Search.Strategy.allCases)
    func monotone(strategy: Search.Strategy) {
        let found = searches(search(budgets: [40, 80, 160, 320]))(strategy)
        #expect(found.map(\.budget) == [40, 80, 160, 320])
        #expect(found.allSatisfy { $0.evaluations <= $0.budget && $0.samples.count == Self.samples })
        // From pure noise one Euler step goes to the mean, whatever the noise: of this distribution it tells nothing.
        guard strategy != .steps, strategy != .random else { return }
        // The sampler's own error, which choosing by one step does not see; all noises keep their order in this flow.
        let rounding = 1e-3 as Float
        for (less, more) in zip(found, found.dropFirst()) {
            #expect(zip(less.samples, more.samples).allSatisfy { $0 <= $1 + rounding })
        }
    }

    @Test("evaluations are counted: a look by the student one, by a guided teacher two, a guided sample two a velocity")
    func counting() {
        let search = search(budgets: [100]), guidance = Guidance(scale: 2)
        func candidates(_ strategy: Search.Strategy, _ budget: Int, _ guidance: Guidance?) -> [Int] {
            let found = search.candidates(strategy, budget: budget, guidance: guidance)
            return [found.count, found.evaluations]
        }
        #expect(candidates(.student, 100, nil) == [69, 100])
        #expect(candidates(.student, 100, guidance) == [38, 100])
        #expect(candidates(.random, 100, nil) == [69, 100])
        #expect(candidates(.random, 101, guidance) == [19, 100])
        #expect(candidates(.bestOf, 100, nil) == [3, 93])
        #expect(candidates(.zeroOrder, 100, guidance) == [1, 62])
        #expect(candidates(.steps, 100, nil) == [1, 99])
        #expect(candidates(.steps, 100, guidance) == [1, 98])
        // One noise needs no look at it.
        #expect(candidates(.student, 32, nil) == [1, 31])
    }

    @Test("a study's search is refused where it makes no sense")
    func refused() throws {
        func refusal(_ change: (Search) -> Search) -> String {
            do {
                try change(search(budgets: [40])).validate()
                return "accepted"
            } catch { return "\(error)" }
        }
        func changed(budgets: [Int] = [40], samples: Int = 10, neighbours: Int = 1, radius: Double = 1) -> String {
            refusal { _ in
                Search(
                    budgets: budgets, samples: samples, sampler: .euler(steps: 4),
                    neighbours: neighbours, radius: radius)
            }
        }
        #expect(changed() == "accepted")
        #expect(changed(budgets: [40, 40]) == "budgets: found [40, 40], allowed: rising numbers above 0")
        #expect(changed(budgets: []) == "budgets: found [], allowed: rising numbers above 0")
        #expect(changed(samples: 1) == "samples: found 1, allowed: at least 2")
        #expect(changed(neighbours: 0) == "neighbours: found 0, allowed: at least 1")
        #expect(changed(radius: 0) == "radius: found 0.0, allowed: more than 0, to 1")
        #expect(throws: Violation.self) { try search(budgets: [30]).validate(under: nil) }
        try search(budgets: [31]).validate(under: nil)
    }
}

@Suite("Scores of a search")
struct VerifierTests {
    /// Sums of a few numbers in double precision.
    private static let rounding = 1e-12

    @Test("ranks agree, disagree, and share ties")
    func ranks() {
        #expect(abs(RankCorrelation.of([1, 2, 3, 4], [1, 3, 2, 4]) - 0.8) < Self.rounding)
        #expect(abs(RankCorrelation.of([1, 2, 3], [exp(1), exp(2), exp(3)]) - 1) < Self.rounding)
        #expect(abs(RankCorrelation.of([1, 2, 3], [3, 2, 1]) + 1) < Self.rounding)
        // Ranks ½, ½, 2 and 0, 1, 2: covariance 1.5, variances 1.5 and 2.
        #expect(abs(RankCorrelation.of([5, 5, 7], [1, 2, 3]) - 1.5 / 3.0.squareRoot()) < Self.rounding)
        #expect(RankCorrelation.of([1, 1, 1], [1, 2, 3]).isNaN)
        #expect(RankCorrelation.of([1, .nan, 1], [1, 2, 3]).isNaN)
    }

    @Test("what classes have in common counts for nothing")
    func classes() {
        // Within each class they disagree; the second class is better in both.
        let first = [1.0, 2, 3, 11, 12, 13], second = [3.0, 2, 1, 13, 12, 11]
        #expect(RankCorrelation.of(first, second) > 0.5)
        #expect(abs(RankCorrelation.within([0, 0, 0, 1, 1, 1], first, second) + 1) < Self.rounding)
        #expect(RankCorrelation.within(nil, first, second) == RankCorrelation.of(first, second))
    }

    @Test("a mixture's likelihood: one mode is a Gaussian, two share where both are near")
    func likelihood() {
        let one = MixtureLikelihood(ModeCoverage(means: [1, 2], weights: [1], standardDeviation: 0.5))
        let found = one([1.5, 2])[0], exact = -0.5 - log(2 * Double.pi * 0.25)
        #expect(abs(found - exact) < Self.rounding)
        let two = MixtureLikelihood(ModeCoverage(means: [-1, 1], weights: [0.5, 0.5], standardDeviation: 1))
        #expect(abs(two([0])[0] - (-0.5 - 0.5 * log(2 * Double.pi))) < Self.rounding)
        #expect(two([50])[0] > -1300 && two([50])[0] < -1200, "far away it is small, and not −∞")
    }

    @Test("the nearest reference by every distance there is")
    func nearest() {
        // Products in single precision, of numbers about 1.
        let rounding = 1e-3
        let draws = RandomKey(seed: 2).normal(count: 3 * 50)
        let (points, reference) = (Array(draws[..<60]), Array(draws[60...]))
        let found = NearestReference(reference: reference, dimension: 3)(points)
        for row in 0..<20 {
            let distances = (0..<30).map { other in
                (0..<3).reduce(0.0) { sum, axis in
                    let gap = Double(points[3 * row + axis] - reference[3 * other + axis])
                    return sum + gap * gap
                }.squareRoot()
            }
            #expect(abs(found[row] + distances.min()!) < rounding)
        }
        #expect(NearestReference(reference: reference, dimension: 3)([.nan, 0, 0])[0].isNaN)
    }

    @Test("class probabilities add up to 1")
    func probability() {
        let logits: [Float] = [1, -2, 30, 1, -2, 30, 1, -2, 30]
        let scores = ClassLogProbability(labels: [0, 1, 2], classCount: 3)(logits)
        #expect(abs(scores.reduce(0) { $0 + exp($1) } - 1) < Self.rounding)
        #expect(scores[2] > scores[0] && scores[0] > scores[1])
    }
}
