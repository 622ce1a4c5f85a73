import FlowMaps
import Results
import Study

/// A condition on the axes of records: `alpha > 0.3 and objective = combined`.
public struct RecordFilter: Sendable {
    private enum Relation: String, CaseIterable {
        // The longer ones first, as they are looked for in this order.
        case atMost = "<="
        case atLeast = ">="
        case unequal = "!="
        case less = "<"
        case greater = ">"
        case equal = "="
    }

    private struct Term {
        let axis: String
        let relation: Relation
        let value: String
    }

    private let terms: [Term]

    /// Reads a condition of terms joined by `and`.
    /// - Throws: `Violation` for text that is no condition.
    public init(_ text: String) throws(Violation) {
        var terms: [Term] = []
        for part in text.split(separator: " and ", omittingEmptySubsequences: false) {
            guard let relation = Relation.allCases.first(where: { part.contains($0.rawValue) }) else {
                throw Violation(
                    key: "--where", found: "'\(part)'",
                    allowed: "an axis, one of <=, >=, !=, <, >, =, and a value; several joined by and")
            }
            let sides = part.split(separator: relation.rawValue, maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.trimmingSpaces }
            guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }) else {
                throw Violation(key: "--where", found: "'\(part)'", allowed: "an axis and a value")
            }
            terms.append(Term(axis: sides[0], relation: relation, value: sides[1]))
        }
        self.terms = terms
    }

    /// The names of the axes in the condition.
    public var axes: [String] { terms.map(\.axis) }

    /// Whether a record meets every term; a record without a value on an axis meets no term of it.
    public func callAsFunction(_ record: Record) -> Bool { terms.allSatisfy { Self.holds($0, of: record) } }

    private static func holds(_ term: Term, of record: Record) -> Bool {
        guard let coordinate = record.run.coordinates.first(where: { $0.axis == term.axis }) else { return false }
        switch term.relation {
        case .equal: return coordinate.is(term.value)
        case .unequal: return !coordinate.is(term.value)
        case .less, .greater, .atMost, .atLeast:
            guard let left = coordinate.number, let right = Double(term.value) else { return false }
            return switch term.relation {
            case .less: left < right
            case .greater: left > right
            case .atMost: left <= right
            case .atLeast, .equal, .unequal: left >= right
            }
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
