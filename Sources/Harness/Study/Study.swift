import FlowMaps
import Foundation

/// One question: a study file, and the runs that answer it.
public struct Study: Sendable {
    public let name: String
    public let question: String
    /// The file as it was written.
    public let text: String
    /// What each run may take, which decides nothing of its result; absent is no limit.
    public let limits: Limits?
    /// In the order of the sweep.
    public let runs: [Run]
    /// What the study says will come out.
    public let claims: [Claim]

    /// Reads a study file; nothing is run or written.
    /// - Parameter settings: `path=value` changes of the document, such as `base.student.optimization.steps=100`.
    /// - Throws: `InputError` for a file that cannot be read, `SpecError` for one that makes no study.
    public init(file: String, settings: [String] = []) throws {
        try self.init(yaml: try Self.contents(of: file), file: file, settings: settings)
    }

    private static func contents(of file: String) throws -> String {
        do { return String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self) } catch {
            throw InputError(path: file, attempt: "read the study", reason: systemText(of: error))
        }
    }

    /// The document with its `base` put as a patch over that of the study it extends, if it extends one.
    ///
    /// `extends: quickstart.yaml` names a file beside this one; only its base is taken, and it may extend another in turn.
    private static func extended(_ tree: SpecTree, file: String, through files: [String] = []) throws -> SpecTree {
        guard let mapping = tree.mapping, let entry = mapping["extends"] else { return tree }
        let name = try StrictDecoder().decode(String.self, from: entry.value, at: "extends")
        let folder = parentFolder(of: file)
        let path = folder.isEmpty || name.hasPrefix("/") ? name : "\(folder)/\(name)"
        // One file has many spellings: a.yaml, ./a.yaml, ../studies/a.yaml.
        func place(_ file: String) -> String { URL(fileURLWithPath: file).resolvingSymlinksInPath().path }
        guard !(files + [file]).map(place).contains(place(path)) else {
            throw SpecError(
                entry.mark, "a study extends itself", found: (files + [file, path]).joined(separator: " → "))
        }
        let text: String
        do { text = try contents(of: path) } catch {
            throw SpecError(entry.mark, "the study to extend cannot be read", found: path)
        }
        let other = try extended(try SpecTree(yaml: text, file: path), file: path, through: files + [file])
        guard let base = other["base"] else {
            throw SpecError(entry.mark, "the study to extend has no base", found: path)
        }
        var entries = mapping.entries.filter { $0.key != "extends" && $0.key != "base" }
        entries.append(
            .init(
                key: "base", mark: entry.mark,
                value: try mapping["base"].map { try base.patched(with: $0.value) } ?? base))
        return SpecTree(.mapping(SpecMapping(entries)), mark: tree.mark)
    }

    /// - Parameter file: the name that errors give, and where files that the study names are looked for.
    public init(yaml: String, file: String, settings: [String] = []) throws {
        var tree = try Self.extended(try SpecTree(yaml: yaml, file: file), file: file)
        for setting in settings { tree = try tree.setting(setting) }
        let document = try StudyDocument(tree, sections: ["extends", "claims", "limits"])
        guard document.name != ResultsFolder.cacheName else {
            throw SpecError(
                tree["study"]?.mark ?? tree.mark, "not usable as a study name", found: "'\(document.name)'",
                allowed: "any other: what studies share lies in the folder of this name")
        }
        (name, question, text) = (document.name, document.question, yaml)
        limits = try document.sections["limits"].map { entry in
            try StrictDecoder().decode(Limits.self, from: entry.value, at: "limits")
        }
        let study = document.name
        var runs: [Run] = []
        var looks = DataLooks()
        for point in try document.sweep.points() {
            let specification = try looks.at(point)
            runs.append(
                Run(
                    study: study, point: point.name, coordinates: point.coordinates, position: runs.count,
                    specification: specification))
        }
        self.runs = runs
        claims =
            try document.sections["claims"].map { try Claim.read($0.value, runs: runs, metrics: runs.scoreNames) } ?? []
    }
}

/// The files of a study, those of each data set looked at once.
private struct DataLooks {
    private var seen: [DatasetSource: DatasetSource] = [:]

    /// The specification of a point, on data and with teachers that are there and that fit it.
    mutating func at(_ point: SweepPoint) throws -> RunSpecification {
        let specification = try point.decode(RunSpecification.self)
        guard specification.hasFiles else { return specification }
        do {
            let data = try seen[specification.data] ?? specification.data.lookedAt()
            seen[specification.data] = data
            let result = try specification.on(data).resolved()
            try result.validate()
            return result
        } catch let error as DataError {
            throw point.refusal(error.violation)
        } catch let violation as Violation {
            throw point.refusal(violation)
        }
    }
}

extension Sequence<Run> {
    /// The names of the scores that any of the runs is judged by.
    var scoreNames: [String] {
        var names: [String] = []
        for name in flatMap({ RunWork(run: $0).reference.judgedMetrics.map(\.rawValue) }) where !names.contains(name) {
            names.append(name)
        }
        return names + [Judge.discrepancyName]
    }

    /// The axes that any of the runs has a value on, in the study's order.
    public var axes: [String] {
        var axes: [String] = []
        for coordinate in flatMap(\.coordinates) where !axes.contains(coordinate.axis) { axes.append(coordinate.axis) }
        return axes
    }
}

/// One point of a study's sweep, fully written out.
public struct Run: Codable, Hashable, Sendable {
    public let study: String
    /// The folder's name, `objective=combined,seed=0`.
    public let point: String
    public let coordinates: [SweepPoint.Coordinate]
    /// Its place in the order of the study.
    public let position: Int
    public let specification: RunSpecification

    /// Its value on an axis; nil where the axis does not apply.
    public subscript(axis: String) -> String? { coordinates.first { $0.axis == axis }?.label }
}
