import Specification
import Study

extension Claim.Statement {
    /// The inequalities that the statement consists of, each with a difference for every pair of runs.
    func comparisons(_ sample: ClaimSample, confidence: Double) -> [ClaimResult.PairedTest] {
        switch self {
        case .lower(let metric, let of, let than, let by):
            let differences = Self.pairs(sample, metric, of, than).map { $0 - (1 - (by ?? 0)) * $1 }
            let limit = by.map { "\(NumberFormat.text(1 - $0)) · " } ?? ""
            return Self.comparison("\(Self.text(of)) − \(limit)\(Self.text(than))", differences, confidence)
        case .alike(let metric, let of, let to, let within):
            let pairs = Self.pairs(sample, metric, of, to), (of, to) = (Self.text(of), Self.text(to))
            return Self.comparison(
                "\(of) − \(NumberFormat.text(1 + within)) · \(to)", pairs.map { $0 - (1 + within) * $1 }, confidence)
                + Self.comparison(
                    "\(NumberFormat.text(1 - within)) · \(to) − \(of)", pairs.map { (1 - within) * $1 - $0 }, confidence
                )
        case .nearFloor(let metric, let of, let within):
            let differences = sample.selecting(of).values(metric, apartFrom: []).flatMap { group in
                group.values.compactMap { value in value.floor.map { value.number - (1 + within) * $0 } }
            }
            return Self.comparison(
                "\(Self.text(of)) − \(NumberFormat.text(1 + within)) · floor", differences, confidence)
        case .rises(let metric, let axis, let from, let to, let arm):
            let lines = Self.lines(sample, metric, axis, from, to, arm)
            return Self.comparison("− slope along \(axis)", lines.map { -Self.slope($0.map(\.number)) }, confidence)
        case .falls(let metric, let axis, let from, let to, let arm):
            let lines = Self.lines(sample, metric, axis, from, to, arm)
            return Self.comparison("slope along \(axis)", lines.map { Self.slope($0.map(\.number)) }, confidence)
        case .flat(let metric, let axis, let from, let to, let within, let arm):
            return Self.flat(Self.lines(sample, metric, axis, from, to, arm), axis, within, confidence)
        case .lowest(let metric, let axis, let at, let tolerance, let arm):
            return Self.lowest(Self.lines(sample, metric, axis, nil, nil, arm), axis, at, tolerance, confidence)
        }
    }

    /// Values of two arms in runs that agree in all axes which neither arm names.
    private static func pairs(
        _ sample: ClaimSample, _ metric: String, _ of: [String: String], _ than: [String: String]
    ) -> [(Double, Double)] {
        let axes = Array(of.keys) + Array(than.keys)
        let others = sample.selecting(than).values(metric, apartFrom: axes)
        return sample.selecting(of).values(metric, apartFrom: axes).flatMap { group in
            let partners = others.first { $0.key == group.key }?.values ?? []
            return zip(group.values, partners).map { ($0.number, $1.number) }
        }
    }

    /// A line along an axis, between two of its numbers, for every choice of the other axes, in the order of the axis's numbers.
    private static func lines(
        _ sample: ClaimSample, _ metric: String, _ axis: String, _ from: Double?, _ to: Double?,
        _ arm: [String: String]?
    ) -> [[ClaimSample.Value]] {
        sample.selecting(arm ?? [:]).values(metric, apartFrom: [axis], along: axis).map { group in
            group.values.filter { value in
                value.place.map { $0 >= from ?? -.infinity && $0 <= to ?? .infinity } ?? false
            }.sorted { $0.place! < $1.place! }
        }.filter { $0.count > 1 }
    }

    /// The least-squares slope over ranks.
    private static func slope(_ values: [Double]) -> Double {
        let centre = 0.5 * Double(values.count - 1)
        let products = values.enumerated().reduce(0) { $0 + (Double($1.offset) - centre) * $1.element }
        let squares = values.indices.reduce(0) { $0 + (Double($1) - centre) * (Double($1) - centre) }
        return products / squares
    }

    /// Each value after the first, less what it may be at most. All must hold, so none needs a correction to support the claim.
    private static func flat(
        _ lines: [[ClaimSample.Value]], _ axis: String, _ within: Double, _ confidence: Double
    ) -> [ClaimResult.PairedTest] {
        guard let count = lines.first?.count, count > 1 else { return [] }
        return (1..<count).flatMap { index in
            comparison(
                "\(axis)=\(NumberFormat.text(lines[0][index].place!)) − \(NumberFormat.text(1 + within)) · first",
                lines.filter { $0.count == count }.map { $0[index].number - (1 + within) * $0[0].number }, confidence)
        }
    }

    /// Whether the best place near a point is below every other: the best by its mean, against each that is not near.
    private static func lowest(
        _ lines: [[ClaimSample.Value]], _ axis: String, _ at: Double, _ tolerance: Double, _ confidence: Double
    ) -> [ClaimResult.PairedTest] {
        guard let places = lines.first?.map({ $0.place! }) else { return [] }
        let whole = lines.filter { $0.count == places.count }
        func values(_ index: Int) -> [Double] { whole.map { $0[index].number } }
        let near = places.indices.filter { abs(places[$0] - at) <= tolerance }
        let far = places.indices.filter { !near.contains($0) }
        guard !near.isEmpty, !far.isEmpty else { return [] }
        let best = near.min { values($0).reduce(0, +) < values($1).reduce(0, +) }!
        // That some far place is lower can be found in as many ways as there are far places.
        let each = 1 - (1 - confidence) / Double(far.count)
        return far.flatMap { other in
            comparison(
                "\(axis)=\(NumberFormat.text(places[best])) − \(axis)=\(NumberFormat.text(places[other]))",
                zip(values(best), values(other)).map { $0 - $1 }, each)
        }
    }

    private static func comparison(
        _ label: String, _ differences: [Double], _ confidence: Double
    ) -> [ClaimResult.PairedTest] {
        guard !differences.isEmpty else { return [] }
        return [.init(label: label, difference: PairedDifference(differences, confidence: confidence))]
    }

    /// "objective=combined", axes in alphabetical order.
    private static func text(_ arm: [String: String]) -> String {
        arm.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}
