import FlowMaps
import Foundation
import Specification

/// The schema of study files, in JSON Schema: what editors complete and check, and `ablate schema` prints.
///
/// The keys, words and ranges below `base`, `claims`, `figures`, `limits` and `slurm` are found by decoding (`SchemaProbe`). What only
/// values together decide is left to `ablate plan`: whether a score is measured, whether data have classes, whether a key is missing
/// that an arm may bring.
package enum StudySchema {
    package static let title = "A study of Ablate"

    /// The text of the schema.
    package static func json() throws -> String {
        let probe = SchemaProbe(unchecked: [RunSpecification.self, Distillation.self])
        let properties = properties(probe)
        var schema: [String: Any] = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, "type": "object",
            "properties": properties, "additionalProperties": false, "required": ["study", "question"],
            "if": ["anyOf": [["required": ["extends"]], ["required": ["axes"]]]],
            "else": ["properties": ["base": ["$ref": "#/$defs/RunSpecification"]], "required": ["base"]],
        ]
        var definitions: [String: Any] = [:]
        for (name, definition) in probe.definitions {
            definitions[name] = definition.json(.whole)
            definitions["\(name).patch"] = definition.json(.patch)
        }
        schema["$defs"] = definitions
        let data = try JSONSerialization.data(
            withJSONObject: schema, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    /// The top-level keys; a test compares them with those that a study is read by.
    private static func properties(_ probe: SchemaProbe) -> [String: Any] {
        _ = probe.schema(of: RunSpecification.self)
        let patch: [String: Any] = ["$ref": "#/$defs/RunSpecification.patch"]
        let text = SpecSchema.text.json(.whole), row: [String: Any] = ["type": "object", "minProperties": 1]
        return [
            "study": text, "question": text, "base": patch,
            "extends": ["anyOf": [text, ["type": "array", "items": text, "minItems": 1]]],
            "axes": SpecSchema.orNull(["type": "object", "additionalProperties": axis(patch)]),
            "include": SpecSchema.orNull(["type": "array", "items": row]),
            "exclude": SpecSchema.orNull(["type": "array", "items": row]),
            "claims": SpecSchema.orNull(["type": "object", "additionalProperties": claim(probe)]),
            "figures": optional(.sequence(probe.schema(of: FigureChoice.self))),
            "columns": optional(.sequence(.text)),
            "keep": optional(probe.schema(of: Keeping.self)),
            "limits": optional(probe.schema(of: Limits.self)),
            "slurm": optional(probe.schema(of: SlurmProfile.self)),
        ]
    }

    private static func optional(_ schema: SpecSchema) -> [String: Any] { SpecSchema.orNull(schema.json(.whole)) }

    /// An axis: a list of values, paths with values, linked paths, or arms; see `SweepAxis`.
    private static func axis(_ patch: [String: Any]) -> [String: Any] {
        let values: [String: Any] = ["type": "array", "minItems": 1]
        let condition: [String: Any] = ["type": "object"]
        func mapping(_ properties: [String: Any], required: [String]) -> [String: Any] {
            ["type": "object", "properties": properties, "additionalProperties": false, "required": required]
        }
        let arms: [String: Any] = ["type": "object", "additionalProperties": SpecSchema.orNull(patch)]
        let keywords: [String: Any] = ["anyOf": SweepAxis.keywords.map { ["required": [$0]] }]
        let text = SpecSchema.text.json(.whole)
        return [
            "anyOf": [
                values,
                mapping(["path": text, "values": values, "when": condition], required: ["path", "values"]),
                mapping(
                    ["paths": ["type": "array", "items": text], "values": values, "when": condition],
                    required: ["paths", "values"]),
                mapping(
                    ["zip": ["type": "object", "additionalProperties": values], "when": condition], required: ["zip"]),
                mapping(["arms": arms, "when": condition], required: ["arms", "when"]),
                arms.merging(["not": keywords]) { $1 },
            ]
        ]
    }

    /// A claim: its words, and one statement, whose score may be one against the data.
    private static func claim(_ probe: SchemaProbe) -> [String: Any] {
        _ = probe.schema(of: Claim.Statement.self)
        let against = SpecSchema.Key("against", probe.schema(of: MetricReference.self), isRequired: false)
        guard case .choice(let statements)? = probe.definitions["Statement"] else { return [:] }
        var properties = ["says": SpecSchema.text.json(.whole), "each": SpecSchema.text.json(.whole)]
        for statement in statements {
            var form = statement.schema
            if case .reference(let name) = form { form = probe.definitions[name] ?? .anything }
            guard case .object(let keys) = form else { continue }
            properties[statement.name] = SpecSchema.object(keys + [against]).json(.whole)
        }
        return [
            "type": "object", "properties": properties, "additionalProperties": false, "required": ["says"],
            "minProperties": 2, "maxProperties": 3,
        ]
    }
}
