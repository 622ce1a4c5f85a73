import Tensors

/// Carries out searches among noises of a teacher, and of a student that knows its way.
///
/// The j-th noise of a sample is the same in every strategy, so that they differ in what they choose alone.
public struct NoiseSearch<Field: VelocityField, Map: FlowMap> {
    public let search: Search
    /// Under the guidance that is counted.
    public let teacher: Field
    public let guidance: Guidance?
    public let student: Map
    /// Of the samples wanted, a row each.
    public let condition: Condition
    /// What the student is asked for, a row each.
    public let asked: Condition
    public let dimension: Int
    public let key: RandomKey
    /// Scores of samples `[samples × dimension]`, row-major, a number each.
    public let score: ([Float]) throws -> [Double]
    /// What samples are computed on.
    public let backend: any Backend

    public init(
        _ search: Search, teacher: Field, guidance: Guidance?, student: Map, condition: Condition, asked: Condition,
        dimension: Int, key: RandomKey, on backend: any Backend, score: @escaping ([Float]) throws -> [Double]
    ) {
        self.backend = backend
        (self.search, self.teacher, self.guidance, self.student) = (search, teacher, guidance, student)
        (self.condition, self.asked, self.dimension) = (condition, asked, dimension)
        (self.key, self.score) = (key, score)
    }

    /// What a strategy found at a budget.
    public struct Found: Sendable {
        public let budget: Int
        /// Spent on a sample: the budget or somewhat less.
        public let evaluations: Int
        /// `[samples × dimension]`, row-major.
        public let samples: [Float]
    }

    /// What a strategy finds at each budget.
    public func callAsFunction(_ strategy: Search.Strategy) throws -> [Found] {
        switch strategy {
        case .steps:
            return try search.budgets.map { budget in
                let sampler = search.longest(within: budget, guidance)
                return found(strategy, budget, try sampled(noise(0), by: sampler))
            }
        case .random: return try preview(strategy) { try sampled($0, by: .euler(steps: 1)) }
        case .student: return try preview(strategy, jumped)
        case .bestOf: return try kept(strategy) { index, _ in noise(index) }
        case .zeroOrder: return try kept(strategy) { index, best in index == 0 ? noise(0) : neighbour(of: best, index) }
        }
    }

    // MARK: Strategies

    /// Looks at each noise by a cheap sample of it, and gives the best to the teacher.
    private func preview(_ strategy: Search.Strategy, _ cheap: ([Float]) throws -> [Float]) throws -> [Found] {
        var best = Best(dimension: dimension), tried = 0
        return try search.budgets.map { budget in
            let count = search.candidates(strategy, budget: budget, guidance: guidance).count
            while tried < count {
                let noise = noise(tried)
                best.take(noise, noise, try score(cheap(noise)))
                tried += 1
            }
            return found(strategy, budget, try sampled(best.noise, by: search.sampler))
        }
    }

    /// Samples the teacher from each noise, and keeps the best sample.
    /// - Parameter propose: a noise by its number and the best one before its group.
    private func kept(_ strategy: Search.Strategy, _ propose: (Int, [Float]) -> [Float]) throws -> [Found] {
        var best = Best(dimension: dimension), pivot: [Float] = [], tried = 0
        return try search.budgets.map { budget in
            let count = search.candidates(strategy, budget: budget, guidance: guidance).count
            while tried < count {
                if tried % search.neighbours == 1 || search.neighbours == 1 { pivot = best.noise }
                let noise = propose(tried, pivot), samples = try sampled(noise, by: search.sampler)
                best.take(noise, samples, try score(samples))
                tried += 1
            }
            return found(strategy, budget, best.samples)
        }
    }

    private func found(_ strategy: Search.Strategy, _ budget: Int, _ samples: [Float]) -> Found {
        let evaluations = search.candidates(strategy, budget: budget, guidance: guidance).evaluations
        return Found(budget: budget, evaluations: evaluations, samples: samples)
    }

    // MARK: Noises and samples

    /// The noise of a number, `[samples × dimension]`.
    func noise(_ index: Int) -> [Float] {
        key.folding("noise").folding(index).normal(count: search.samples * dimension)
    }

    private func neighbour(of pivot: [Float], _ index: Int) -> [Float] {
        let keep = Float((1 - search.radius * search.radius).squareRoot()), radius = Float(search.radius)
        return zip(pivot, noise(index)).map { keep * $0 + radius * $1 }
    }

    private func sampled(_ noise: [Float], by sampler: Sampler) throws -> [Float] {
        try sampler(teacher, noise: Tensor(noise, shape: [search.samples, dimension]), given: condition, on: backend)
    }

    private func jumped(_ noise: [Float]) throws -> [Float] {
        let noise = Tensor(noise, shape: [search.samples, dimension])
        return try Tensor.materialized([student.sample(noise, given: asked)], on: backend)[0]
    }
}

/// The best so far of each sample wanted.
private struct Best {
    let dimension: Int
    private(set) var noise: [Float] = []
    private(set) var samples: [Float] = []
    private var scores: [Double] = []

    init(dimension: Int) { self.dimension = dimension }

    /// Takes in, row by row, what is better; a score that is not a number never is.
    mutating func take(_ noise: [Float], _ samples: [Float], _ scores: [Double]) {
        guard !self.scores.isEmpty else {
            (self.noise, self.samples, self.scores) = (noise, samples, scores)
            return
        }
        for (row, score) in scores.enumerated() where score > self.scores[row] || self.scores[row].isNaN {
            let place = row * dimension..<(row + 1) * dimension
            self.noise.replaceSubrange(place, with: noise[place])
            self.samples.replaceSubrange(place, with: samples[place])
            self.scores[row] = score
        }
    }
}
