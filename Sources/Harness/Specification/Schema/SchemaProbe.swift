import FlowMaps
import Foundation

/// Finds the schema of types by decoding them from nothing: each run answers the requests of a type in another way (no optional key is
/// there, all are, one alone is; this case of a choice; a word, a number), and the runs that succeed are what the type accepts.
package final class SchemaProbe {
    /// The schema of each type that was met, by its name.
    package private(set) var definitions: [String: SpecSchema] = [:]
    /// Types whose ranges are not recorded: their checks need values that belong together.
    private let unchecked: [any Any.Type]
    private var samples: [ObjectIdentifier: [ProbeSample]] = [:]
    private var names: [ObjectIdentifier: String] = [:]
    private var active: Set<ObjectIdentifier> = []

    /// - Parameter unchecked: types that are not validated, as their checks need values that belong together.
    package init(unchecked: [any Any.Type] = []) { self.unchecked = unchecked }

    /// The schema of a type: of a scalar or a list itself, else a reference to its definition.
    package func schema<Value: Decodable>(of type: Value.Type) -> SpecSchema { describe(type) }

    /// Two values for each kind of number, so that a range that follows from another number shows as one that changes.
    static let fillings = 2
    static func integer(_ filling: Int) -> Int { 2 + filling }
    static func number(_ filling: Int) -> Double { 0.25 + 0.25 * Double(filling) }

    /// A value of a type to go on with, made by one of its runs.
    func sample<Value: Decodable>(_ type: Value.Type, _ filling: Int) throws -> Value {
        switch type {
        case is Int.Type: return Self.integer(filling) as! Value
        case is Double.Type: return Self.number(filling) as! Value
        case is Float.Type: return Float(Self.number(filling)) as! Value
        case is Bool.Type: return true as! Value
        case is String.Type: return "text" as! Value
        default: break
        }
        _ = describe(type)
        let known = samples[ObjectIdentifier(type)] ?? []
        guard let value = (known.first { $0.filling == filling } ?? known.first)?.value as? Value else {
            throw ProbeRefusal()
        }
        return value
    }

    func describe<Value: Decodable>(_ type: Value.Type) -> SpecSchema {
        switch type {
        case is Int.Type: return .integer(SpecRange())
        case is Double.Type, is Float.Type: return .number(SpecRange())
        case is Bool.Type: return .truth
        case is String.Type: return .text
        default: break
        }
        let identifier = ObjectIdentifier(type)
        if let name = names[identifier] { return definitions[name].map { inlined($0, name) } ?? .reference(name) }
        let name = unusedName("\(type)")
        names[identifier] = name
        if let words = Self.words(of: type), let first = Self.first(of: type) {
            samples[identifier] = [ProbeSample(filling: 0, value: first)]
            definitions[name] = .words(words)
            return .words(words)
        }
        guard active.insert(identifier).inserted else { return .reference(name) }
        let found = Exploration(of: type, by: self).schema()
        active.remove(identifier)
        samples[identifier] = found.samples
        definitions[name] = narrowed(found.schema, by: found.samples)
        return inlined(definitions[name]!, name)
    }

    /// Short schemas stand where they are used.
    private func inlined(_ schema: SpecSchema, _ name: String) -> SpecSchema {
        switch schema {
        case .words, .text, .truth, .integer, .number, .sequence, .table, .reference, .anything: schema
        case .object, .choice, .anyOf: .reference(name)
        }
    }

    private func unusedName(_ name: String) -> String {
        (1...).lazy.map { $0 == 1 ? name : "\(name)\($0)" }.first { !names.values.contains($0) } ?? name
    }

    /// The schema with the ranges that its values check, as far as they are the same for values of both fillings.
    private func narrowed(_ schema: SpecSchema, by samples: [ProbeSample]) -> SpecSchema {
        var fillings: [RangeRecorder.Note: Set<Int>] = [:]
        for sample in samples {
            let type = Swift.type(of: sample.value)
            guard let value = sample.value as? any Validated, !unchecked.contains(where: { $0 == type }) else {
                continue
            }
            for note in RangeRecorder.notes(of: { try? value.validate() }) {
                fillings[note, default: []].insert(sample.filling)
            }
        }
        // A range that follows from other numbers of the value is said in other words each time.
        return fillings.filter { $0.value.count == Self.fillings }.keys.reduce(schema) { schema, note in
            guard let range = SpecRange(words: note.allowed) else { return schema }
            let path = note.key.split(separator: ".").map(String.init)
            return schema.narrowing(path[...], to: range)
        }
    }

    private static func words<Value>(of type: Value.Type) -> [String]? {
        guard let listed = type as? any CaseIterable.Type, type is any RawRepresentable.Type else { return nil }
        func words<Cases: CaseIterable>(_ type: Cases.Type) -> [String] {
            type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
        }
        let found = words(listed)
        return found.isEmpty ? nil : found
    }

    private static func first<Value>(of type: Value.Type) -> Any? {
        func first<Cases: CaseIterable>(_ type: Cases.Type) -> Any? { type.allCases.first }
        return (type as? any CaseIterable.Type).flatMap { first($0) }
    }
}

/// A value that a run made, of numbers of one kind.
struct ProbeSample {
    let filling: Int
    let value: Any
}

/// A request that this run does not answer.
struct ProbeRefusal: Error {}
