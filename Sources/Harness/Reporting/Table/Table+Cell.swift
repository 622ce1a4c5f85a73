import Results
import Specification
import Study

extension Table {
    /// The content of one row in one column.
    public enum Cell: Codable, Sendable, ExpressibleByStringLiteral {
        case text(String)
        /// A count, written whole.
        case count(Int)
        /// A number, of which `digits` significant digits are shown.
        case number(Double, digits: Int = 3)
        /// The mean of `count` values and their standard deviation; no deviation where there is a single value.
        case mean(Double, deviation: Double?, count: Int, digits: Int = 3)
        /// No value; written as a dash.
        case missing

        /// A cell of text.
        public init(stringLiteral value: String) { self = .text(value) }

        /// The mean of `values` and their sample standard deviation; missing if there are none. A value that is not
        /// finite makes both so.
        public static func mean(of values: [Double], digits: Int = 3) -> Cell {
            guard !values.isEmpty else { return .missing }
            let spread = Spread(values)
            return .mean(
                spread.mean, deviation: values.count > 1 ? spread.deviation : nil, count: values.count, digits: digits)
        }
    }
}

extension Table.Cell {
    /// The number of values that the mean is over.
    var valueCount: Int? {
        if case .mean(_, _, let count, _) = self { count } else { nil }
    }

    /// The cell as a reader sees it.
    func text(_ lettering: Terminal.Lettering) -> String {
        switch self {
        case .text(let text): text
        case .count(let count): String(count)
        case .number(let value, let digits): NumberFormat.text(value, digits: digits)
        case .mean(let mean, nil, _, let digits): NumberFormat.text(mean, digits: digits)
        case .mean(let mean, let deviation?, _, let digits):
            NumberFormat.text(mean: mean, deviation: deviation, digits: digits, lettering: lettering)
        case .missing: lettering.missing
        }
    }
}
