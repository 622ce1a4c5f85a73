/// Lines along an axis, for every choice of the other axes.
struct AxisLines {
    /// The values of each line, in the order of the axis's numbers; at least two.
    let lines: [[ClaimSample.Value]]

    /// Lines along an axis between two of its numbers.
    init(
        _ sample: ClaimSample, _ metric: String, along axis: String, from: Double? = nil, to: Double? = nil,
        of arm: [String: String]?
    ) {
        lines = sample.selecting(arm ?? [:]).values(metric, apartFrom: [axis], along: axis).map { group in
            group.values.filter { value in
                value.place.map { $0 >= from ?? -.infinity && $0 <= to ?? .infinity } ?? false
            }.sorted { $0.place! < $1.place! }
        }.filter { $0.count > 1 }
    }

    /// The places of the first line, and the lines that have as many.
    var whole: (places: [Double], lines: [[Double]]) {
        guard let first = lines.first else { return ([], []) }
        return (first.map { $0.place! }, lines.filter { $0.count == first.count }.map { $0.map(\.number) })
    }

    /// The least-squares slope of each line over its ranks.
    var slopes: [Double] { lines.map { Self.slope($0.map(\.number)) } }

    private static func slope(_ values: [Double]) -> Double {
        let centre = 0.5 * Double(values.count - 1)
        let products = values.enumerated().reduce(0) { $0 + (Double($1.offset) - centre) * $1.element }
        let squares = values.indices.reduce(0) { $0 + (Double($1) - centre) * (Double($1) - centre) }
        return products / squares
    }
}
