import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("The schema of study files")
struct StudySchemaTests {
    private static let hasValidator = ExternalTool.run("python3 -c 'import jsonschema, yaml'").status == 0
    private let folder = TemporaryFolder()

    private func schema() throws -> [String: Any] {
        let data = Data(try StudySchema.json().utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("has the top-level keys that a study is read by, and no others")
    func topLevel() throws {
        let properties = try #require(try schema()["properties"] as? [String: Any])
        #expect(properties.keys.sorted() == (StudyDocument.ownKeys + Study.sections).sorted())
    }

    /// Every name of a property anywhere in a schema.
    private func names(in value: Any, into names: inout Set<String>) {
        if let object = value as? [String: Any] {
            for name in (object["properties"] as? [String: Any] ?? [:]).keys { names.insert(name) }
            for inner in object.values { self.names(in: inner, into: &names) }
        } else if let list = value as? [Any] {
            for inner in list { self.names(in: inner, into: &names) }
        }
    }

    @Test("has every key that the specifications of the bundled studies have, and every method")
    func keys() throws {
        var names: Set<String> = [], used: Set<String> = []
        self.names(in: try schema(), into: &names)
        for name in Package.experiments {
            for run in try Study(file: "\(Package.folder)/experiments/\(name)").runs {
                used.formUnion(try CanonicalEncoder().encode(run.specification).keys)
            }
        }
        let words = Set(MethodName.allCases.map(\.rawValue))
        #expect(words.subtracting(names).isEmpty)
        // Words of choices that need nothing stand bare.
        let text = try StudySchema.json()
        #expect(used.subtracting(names).filter { !text.contains("\"\($0)\"") } == [])
    }

    @Test("has the ranges that decoding checks")
    func ranges() throws {
        let definitions = try #require(try schema()["$defs"] as? [String: Any])
        let text = String(
            decoding: try JSONSerialization.data(
                withJSONObject: definitions["Evaluation"] ?? [:], options: .sortedKeys),
            as: UTF8.self)
        #expect(
            text.contains("\"samples\":{\"maximum\":\(Most.samples),\"minimum\":2,\"type\":\"integer\"}"), "\(text)")
    }

    @Test("says of words what the range of a number is, and nothing of other words")
    func words() {
        #expect(SpecRange(words: "more than 0 and at most 1")?.above == 0)
        #expect(SpecRange(words: "more than 0 and at most 1")?.most == 1)
        #expect(SpecRange(words: "from 0 to less than 1")?.below == 1)
        #expect(SpecRange(words: "at least 2")?.least == 2)
        #expect(SpecRange(words: "at least 2 measurements") == nil)
        #expect(SpecRange(words: "0, or of a size from 1e-37 to 1e37") == nil)
    }

    /// Files that the decoder refuses for a key, a type or a range: the bundled quickstart with one thing changed.
    private static let refused = [
        ("projections: 128", "projektions: 128"), ("savedSamples: 100", "savedSamples: many"),
        ("samples: 4000", "samples: 1"), ("labelDropout: 0.1 ", "labelDropout: 1.5 "), ("width: 192", "width: 0"),
        ("heun: {steps: 64}", "hoin: {steps: 64}"), ("share: 0.25", "share: 2"), ("seed: [0, 1, 2]", "seed: []"),
        ("data: digits", "data: [digits]"),
        ("student: {method: {freeflow: {guidance: {scale: 1}, secondTerm: ~}}}", "studnt: {}"),
        ("balance: residual", "balance: sideways"), ("halfLife: 0.02", "halfLife: 2"),
        ("question:", "quesiton:"), ("says: Together", "sais: Together"),
        ("metric: pairedError, of", "metric: pairedError, off"), ("derivative: jvp", "derivative: 7"),
    ]

    /// Prints the names of the files that a schema refuses, each with what it says.
    private static let validator = """
        import sys, json, yaml, jsonschema
        yaml.SafeLoader.add_multi_constructor("!", lambda loader, tag, node:
            loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode)
            else loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode)
            else yaml.SafeLoader.yaml_constructors[yaml.resolver.Resolver().resolve(yaml.ScalarNode, node.value, (True, False))](loader, node))
        folder = sys.argv[1]
        schema = json.load(open(folder + "/schema.json"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for name in open(folder + "/names.txt").read().split("\\n"):
            errors = list(validator.iter_errors(yaml.safe_load(open(name))))
            if errors:
                print(name.split("/")[-1], "|", jsonschema.exceptions.best_match(errors).message[:300].replace("\\n", " "))
        """

    /// The files that the schema refuses.
    private func refusals(of files: [String]) throws -> [String: String] {
        try Data(try StudySchema.json().utf8).write(to: URL(fileURLWithPath: folder.file("schema.json")))
        try Data(files.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder.file("names.txt")))
        try Data(Self.validator.utf8).write(to: URL(fileURLWithPath: folder.file("validate.py")))
        let run = ExternalTool.run("python3 '\(folder.file("validate.py"))' '\(folder.path)'")
        try #require(run.status == 0, "\(run.output)")
        let lines = run.output.split(separator: "\n").map { $0.components(separatedBy: " | ") }
        return Dictionary(lines.map { ($0[0], $0.dropFirst().joined(separator: " | ")) }) { first, _ in first }
    }

    @Test(
        "lets every bundled study pass, in a validator of Python's", .enabled(if: hasValidator, "no jsonschema here"))
    func accepted() throws {
        let files = Package.experiments.map { "\(Package.folder)/experiments/\($0)" }
        try Data(TinyStudy.planar.utf8).write(to: URL(fileURLWithPath: folder.file("planar.yaml")))
        try Data(TinyStudy.digits.utf8).write(to: URL(fileURLWithPath: folder.file("digits.yaml")))
        let own = ["planar.yaml", "digits.yaml"].map(folder.file)
        let others = ["mnist/mnist", "fashion/fashion", "plugins/plugins"].map {
            "\(Package.folder)/experiments/\($0).yaml"
        }
        #expect(try refusals(of: files + others + own) == [:])
    }

    @Test(
        "refuses what the decoder refuses for a key, a type or a range",
        .enabled(if: hasValidator, "no jsonschema here"))
    func rejected() throws {
        let text = try String(contentsOfFile: "\(Package.folder)/experiments/quickstart.yaml", encoding: .utf8)
        var files: [String] = []
        for (index, (old, new)) in Self.refused.enumerated() {
            let range = try #require(text.range(of: old), "\(old)")
            let changed = text.replacingCharacters(in: range, with: new)
            #expect(throws: SpecError.self, "\(new) is not refused") { try Study(yaml: changed, file: "changed.yaml") }
            files.append(folder.file("\(index).yaml"))
            try Data(changed.utf8).write(to: URL(fileURLWithPath: files[index]))
        }
        let refused = try refusals(of: files)
        for (index, (_, new)) in Self.refused.enumerated() {
            #expect(refused["\(index).yaml"] != nil, "the schema lets pass: \(new)")
        }
    }
}
