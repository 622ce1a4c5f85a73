/// The agreement of two lists of scores on which samples are better: Spearman's rank correlation, ties sharing their
/// mean rank.
///
/// 1 where one rises with the other, −1 where it falls, about 0 for unrelated lists.
public enum RankCorrelation {
    /// The correlation of two lists of equal length; NaN where one contains a number that is not finite, or is
    /// constant.
    public static func of(_ first: [Double], _ second: [Double]) -> Double {
        precondition(first.count == second.count, "\(first.count) and \(second.count) scores")
        guard (first + second).allSatisfy(\.isFinite) else { return .nan }
        return correlation(ranks(first), ranks(second))
    }

    /// The mean over classes of the correlation within each: what a class's samples have in common counts for nothing.
    /// - Parameter labels: the class of each; nil takes all as one.
    public static func within(_ labels: [Int]?, _ first: [Double], _ second: [Double]) -> Double {
        guard let labels else { return of(first, second) }
        let classes = Set(labels).sorted()
        let correlations = classes.map { label in
            let rows = labels.indices.filter { labels[$0] == label }
            return of(rows.map { first[$0] }, rows.map { second[$0] })
        }
        return correlations.reduce(0, +) / Double(correlations.count)
    }

    /// The place of each in rising order, from 0; equal ones share the mean of theirs.
    static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = 0.5 * Double(start + end) }
            start = end + 1
        }
        return ranks
    }

    private static func correlation(_ first: [Double], _ second: [Double]) -> Double {
        let count = Double(first.count)
        let centres = (first.reduce(0, +) / count, second.reduce(0, +) / count)
        var (product, squares) = (0.0, (0.0, 0.0))
        for (a, b) in zip(first, second) {
            product += (a - centres.0) * (b - centres.1)
            squares.0 += (a - centres.0) * (a - centres.0)
            squares.1 += (b - centres.1) * (b - centres.1)
        }
        return product / (squares.0 * squares.1).squareRoot()
    }
}
