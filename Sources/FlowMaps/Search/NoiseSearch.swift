import Tensors

/// A search among noises for a teacher, and for a student that can preview it.
///
/// The j-th noise of a sample is the same in every strategy, so that they differ only in their choices.
public struct NoiseSearch<Field: VelocityField, Map: FlowMap> {
    /// The budgets and settings of the search.
    public let search: Search
    /// The teacher's velocity, under the guidance that is counted.
    public let teacher: Field
    /// The teacher's guidance, for counting its evaluations.
    public let guidance: Guidance?
    /// The student's map.
    public let student: Map
    /// The condition of the samples, a row each.
    public let condition: Condition
    /// The condition of the student, a row each.
    public let studentCondition: Condition
    /// The length of one sample.
    public let dimension: Int
    /// The key of the noises.
    public let key: RandomKey
    /// Scores of samples `[samples × dimension]`, row-major, a number each.
    public let score: ([Float]) throws -> [Double]
    /// The backend on which samples are computed.
    public let backend: any Backend

    /// A search with everything that it evaluates.
    public init(
        _ search: Search, teacher: Field, guidance: Guidance?, student: Map, condition: Condition,
        studentCondition: Condition,
        dimension: Int, key: RandomKey, on backend: any Backend, score: @escaping ([Float]) throws -> [Double]
    ) {
        self.backend = backend
        (self.search, self.teacher, self.guidance, self.student) = (search, teacher, guidance, student)
        (self.condition, self.studentCondition, self.dimension) = (condition, studentCondition, dimension)
        (self.key, self.score) = (key, score)
    }

    /// The result of a strategy at a budget.
    public struct Found: Sendable {
        /// The budget of evaluations per sample.
        public let budget: Int
        /// The evaluations spent per sample: the budget or somewhat less.
        public let evaluations: Int
        /// `[samples × dimension]`, row-major.
        public let samples: [Float]
    }

    /// The results of a strategy, one per budget.
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

    /// Scores a cheap sample of each noise, and samples the teacher from the best noise.
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
        return try Tensor.materialized([student.sample(noise, given: studentCondition)], on: backend)[0]
    }
}

/// The best noise and sample so far of each requested sample.
private struct Best {
    let dimension: Int
    private(set) var noise: [Float] = []
    private(set) var samples: [Float] = []
    private var scores: [Double] = []

    init(dimension: Int) { self.dimension = dimension }

    /// Takes over the rows whose score is better; NaN never is.
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
