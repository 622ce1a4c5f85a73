import FlowMaps
import Study
import Tensors

/// The noise and classes that student and teacher samples are made from: the same in every run of a shared seed.
struct EvaluationNoise {
    /// [count · dimension].
    let values: [Float]
    /// The same, [count, dimension].
    let noise: Tensor
    let condition: Condition
    let labels: [Int]?
    /// The key of noise that samplers of several steps add on the way.
    let key: RandomKey

    /// - Parameters:
    ///   - purpose: "reference" for the set that others are compared with, "evaluation" for the one students start from.
    ///   - classes: how the classes are chosen; nil is evenly.
    ///   - hasClassShares: whether classes have the shares that they have in the data, for comparisons with it; else each has the
    ///     same.
    init(
        _ purpose: String, count: Int, data: TrainingData, seed: Int, classes: EvaluationClasses?,
        hasClassShares: Bool = false
    ) {
        let key = Self.key(purpose, seed).folding("classes")
        let labels: [Int]? =
            switch classes ?? .even {
            case _ where data.classes == 0: nil
            case .even: hasClassShares ? data.labelsInShares(count: count) : nil
            case .random:
                hasClassShares
                    ? data.labelsOfRandomRows(count: count, key: key)
                    : key.integers(count: count, below: data.classes)
            }
        self.init(
            purpose, count: count, dimension: data.dimension, classes: data.classes, seed: seed, labels: labels)
    }

    /// The same for data of which no more is known than this.
    /// - Parameter labels: nil takes classes in turn, so that each has its share and a grid shows one a column.
    init(_ purpose: String, count: Int, dimension: Int, classes: Int, seed: Int, labels: [Int]? = nil) {
        key = Self.key(purpose, seed)
        values = key.normal(count: count * dimension)
        noise = Tensor(values, shape: [count, dimension])
        self.labels = labels ?? (classes > 0 ? (0..<count).map { $0 % classes } : nil)
        condition = Condition(labels: self.labels.map { Tensor($0.map(Float.init), shape: [count]) })
    }

    private static func key(_ purpose: String, _ seed: Int) -> RandomKey {
        RandomKey(seed: UInt64(seed)).folding("evaluation").folding(purpose)
    }

    /// The condition of a student: the classes, and a guidance scale where it embeds one.
    func condition(scale: Double?) -> Condition {
        Condition(
            labels: condition.labels, guidance: scale.map { Tensor($0).broadcast(to: [noise.shape[0], 1]) })
    }
}
