import Foundation

/// The values that a type is decoded from, as far as its decoding shows them: what `ablate schema` prints.
///
/// It is found by decoding: `SchemaProbe` hands a type a decoder that notes which keys and scalars it requests. So there is no second
/// list of keys.
package indirect enum SpecSchema: Hashable, Sendable {
    /// One of these words.
    case words([String])
    case text
    case truth
    case integer(SpecRange)
    case number(SpecRange)
    case sequence(SpecSchema)
    /// A mapping of any names.
    case table(SpecSchema)
    case object([Key])
    /// A mapping of one of these keys, or the bare name of one in which nothing is required.
    case choice([Key])
    case anyOf([SpecSchema])
    /// The definition of a type.
    case reference(String)
    /// Nothing is known of it.
    case anything

    /// A key of a mapping with its values.
    package struct Key: Hashable, Sendable {
        package let name: String
        package var schema: SpecSchema
        /// In a choice: the case may be written as its bare name where this is false.
        package let isRequired: Bool

        package init(_ name: String, _ schema: SpecSchema, isRequired: Bool) {
            (self.name, self.schema, self.isRequired) = (name, schema, isRequired)
        }
    }
}

/// The ends of a number's range, as far as they are known.
package struct SpecRange: Hashable, Sendable {
    package var least: Double?
    package var most: Double?
    package var above: Double?
    package var below: Double?

    package init() {}

    /// The range that words such as "more than 0 and at most 1", "at least 1" or "from 0 to less than 1" say; nil for other words. A
    /// clause behind them, ", which is …" or ", where …", only explains the range.
    init?(words: String) {
        let words = words.prefix(upTo: words.firstRange(of: /[,]\s(which|where)\s/)?.lowerBound ?? words.endIndex)
        if let match = words.wholeMatch(of: /from (\S+) to (less than )?(\S+)/) {
            guard let lower = Double(match.1), let upper = Double(match.3) else { return nil }
            least = lower
            if match.2 == nil { most = upper } else { below = upper }
            return
        }
        for part in words.components(separatedBy: " and ") {
            guard let match = part.wholeMatch(of: /(more than|at least|at most|less than) (\S+)/),
                let bound = Double(match.2)
            else { return nil }
            switch match.1 {
            case "more than": above = bound
            case "at least": least = bound
            case "at most": most = bound
            default: below = bound
            }
        }
    }

    /// Both ranges, each end where either has one.
    func narrowed(by other: SpecRange) -> SpecRange {
        var range = self
        range.least = [least, other.least].compactMap { $0 }.max()
        range.most = [most, other.most].compactMap { $0 }.min()
        range.above = [above, other.above].compactMap { $0 }.max()
        range.below = [below, other.below].compactMap { $0 }.min()
        return range
    }
}

extension SpecSchema {
    /// The schema with the number at a path of keys narrowed to a range; as it is where no number is at the path.
    func narrowing(_ path: ArraySlice<String>, to range: SpecRange) -> SpecSchema {
        guard let key = path.first else {
            switch self {
            case .integer(let own): return .integer(own.narrowed(by: range))
            case .number(let own): return .number(own.narrowed(by: range))
            default: return self
            }
        }
        func changed(_ keys: [Key]) -> [Key] {
            keys.map { entry in
                guard entry.name == key else { return entry }
                var entry = entry
                entry.schema = entry.schema.narrowing(path.dropFirst(), to: range)
                return entry
            }
        }
        switch self {
        case .object(let keys): return .object(changed(keys))
        case .choice(let keys): return .choice(changed(keys))
        case .anyOf(let schemas): return .anyOf(schemas.map { $0.narrowing(path, to: range) })
        default: return self
        }
    }
}
