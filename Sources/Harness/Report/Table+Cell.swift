extension Table {
    /// What stands where a row and a column meet.
    public enum Cell: Sendable, ExpressibleByStringLiteral {
        case text(String)
        /// A number of things, written whole.
        case count(Int)
        /// A number, of which `digits` significant digits are shown.
        case number(Double, digits: Int = 3)
        /// The mean of `count` values and their standard deviation; no deviation where there is a single value.
        case mean(Double, deviation: Double?, count: Int, digits: Int = 3)
        /// Nothing is known; written as a dash.
        case missing

        public init(stringLiteral value: String) { self = .text(value) }

        /// The mean of `values` and their sample standard deviation √(Σ(x − mean)² / (n − 1)); missing if there are
        /// none. A value that is not finite makes both so.
        public static func mean(of values: [Double], digits: Int = 3) -> Cell {
            guard !values.isEmpty else { return .missing }
            let count = Double(values.count)
            let mean = values.reduce(0, +) / count
            guard values.count > 1 else { return .mean(mean, deviation: nil, count: 1, digits: digits) }
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return .mean(
                mean, deviation: (squares / (count - 1)).squareRoot(), count: values.count, digits: digits)
        }
    }
}

extension Table.Cell {
    /// How many values the mean is over.
    var valueCount: Int? {
        if case .mean(_, _, let count, _) = self { count } else { nil }
    }

    /// The cell as a reader sees it.
    func text(_ lettering: Terminal.Lettering) -> String {
        switch self {
        case .text(let text): text
        case .count(let count): String(count)
        case .number(let value, let digits): Figure.text(value, digits: digits)
        case .mean(let mean, nil, _, let digits): Figure.text(mean, digits: digits)
        case .mean(let mean, let deviation?, _, let digits):
            Figure.text(mean: mean, deviation: deviation, digits: digits, lettering: lettering)
        case .missing: lettering.missing
        }
    }
}
