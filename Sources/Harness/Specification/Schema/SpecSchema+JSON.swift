import Foundation

/// JSON Schema, draft 2020-12.
extension SpecSchema {
    /// What a value stands for: all of it, or a patch that changes some keys of it.
    package enum Part: Sendable {
        case whole, patch

        fileprivate var suffix: String { self == .patch ? ".patch" : "" }
    }

    /// The schema as an object of JSON.
    ///
    /// In a patch nothing is required, `~` removes a key, dotted keys name deeper ones, and the keys of two cases may stand beside each
    /// other while one is removed.
    package func json(_ part: Part) -> [String: Any] {
        switch self {
        case .words(let words): return ["enum": words]
        // A number is a text where a text is expected.
        case .text: return ["type": ["string", "number", "boolean"]]
        case .truth: return ["type": "boolean"]
        case .integer(let range): return range.json.merging(["type": "integer"]) { $1 }
        case .number(let range): return range.json.merging(["type": "number"]) { $1 }
        case .sequence(let element): return ["type": "array", "items": element.json(.whole)]
        case .table(let value):
            return ["type": "object", "additionalProperties": Self.orNull(value.json(part))]
        case .object(let keys): return Self.object(keys, part)
        case .choice(let keys): return Self.choice(keys, part)
        case .anyOf(let schemas):
            guard part == .patch else { return ["anyOf": schemas.map { $0.json(part) }] }
            var keys: [Key] = [], others: [SpecSchema] = []
            for schema in schemas {
                guard case .object(let own) = schema else {
                    others.append(schema)
                    continue
                }
                keys += own.filter { key in !keys.contains { $0.name == key.name } }
            }
            let objects = keys.isEmpty ? [] : [SpecSchema.object(keys)]
            return ["anyOf": (objects + others).map { $0.json(part) }]
        case .reference(let name): return ["$ref": "#/$defs/\(name)\(part.suffix)"]
        case .anything: return [:]
        }
    }

    private static func object(_ keys: [Key], _ part: Part) -> [String: Any] {
        var properties: [String: Any] = [:]
        for key in keys {
            let schema = key.schema.json(part)
            properties[key.name] = key.isRequired && part == .whole ? schema : orNull(schema)
        }
        var json: [String: Any] = ["type": "object", "properties": properties, "additionalProperties": false]
        let required = keys.filter(\.isRequired).map(\.name)
        if part == .patch {
            json["patternProperties"] = dotted
        } else if !required.isEmpty {
            json["required"] = required
        }
        return json
    }

    private static func choice(_ keys: [Key], _ part: Part) -> [String: Any] {
        var properties: [String: Any] = [:]
        for key in keys { properties[key.name] = orNull(key.schema.json(part)) }
        var mapping: [String: Any] = ["type": "object", "properties": properties, "additionalProperties": false]
        if part == .patch {
            mapping["patternProperties"] = dotted
        } else {
            mapping["minProperties"] = 1
        }
        let bare = keys.filter { !$0.isRequired }.map(\.name)
        return bare.isEmpty ? mapping : ["anyOf": [["enum": bare], mapping]]
    }

    /// Keys that are paths.
    private static var dotted: [String: Any] { ["\\.": [String: Any]()] }

    /// A value that may be `~`.
    package static func orNull(_ schema: [String: Any]) -> [String: Any] {
        schema.isEmpty ? schema : ["anyOf": [schema, ["type": "null"]]]
    }
}

extension SpecRange {
    fileprivate var json: [String: Any] {
        var json: [String: Any] = [:]
        json["minimum"] = least
        json["maximum"] = most
        json["exclusiveMinimum"] = above
        json["exclusiveMaximum"] = below
        return json
    }
}
