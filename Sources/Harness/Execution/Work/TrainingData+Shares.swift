import Tensors
import FlowMaps

extension TrainingData {
    /// Labels in which each class has the share that it has in the data, as nearly as whole numbers allow (largest remainders), in
    /// turn while each class has any left; of data with labels.
    /// - Parameter count: how many labels.
    func labelsInShares(count: Int) -> [Int] {
        guard let labels = labels?.knownValues else {
            preconditionFailure("data without labels have no shares of classes")
        }
        var rows = [Int](repeating: 0, count: classes)
        for label in labels { rows[Int(label)] += 1 }
        let total = rows.reduce(0, +)
        let exact = rows.map { Double($0) * Double(count) / Double(total) }
        var left = exact.map { Int($0.rounded(.down)) }
        let byRemainder = exact.indices.sorted {
            (exact[$1] - Double(left[$1]), $0) < (exact[$0] - Double(left[$0]), $1)
        }
        for label in byRemainder.prefix(count - left.reduce(0, +)) { left[label] += 1 }
        var result: [Int] = []
        while result.count < count {
            for label in left.indices where left[label] > 0 {
                result.append(label)
                left[label] -= 1
            }
        }
        return result
    }

    /// The labels of rows that are drawn one by one, of data with labels.
    /// - Parameter count: how many labels.
    func labelsOfRandomRows(count: Int, key: RandomKey) -> [Int] {
        guard let labels = labels?.knownValues else {
            preconditionFailure("data without labels have no shares of classes")
        }
        return key.integers(count: count, below: labels.count).map { Int(labels[$0]) }
    }
}
