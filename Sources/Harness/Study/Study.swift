import FlowMaps
import Foundation
import Specification
import Storage

/// One question: a study file, and the runs that answer it.
public struct Study: Sendable {
    /// The name.
    public let name: String
    /// The question.
    public let question: String
    /// The file as it was written.
    public let text: String
    /// The document with its base extended and the changes of the command line applied: a study of the same runs by
    /// itself.
    public let resolved: String
    /// The limits of each run, which decide nothing of its result; nil is no limit.
    public let limits: Limits?
    /// What stays of its trainings; nil is the weights at all measured steps.
    public let keeping: Keeping?
    /// Only the weights at the end of each training stay.
    package var keepsFinalWeights: Bool { keeping?.weights == .final }
    /// The options for Slurm, which decide nothing; nil where the study has none.
    public let slurm: SlurmProfile?
    /// The runs that were chosen, in the order of the sweep.
    public let runs: [Run]
    /// All runs that the study names, chosen or not.
    public let named: [Run]
    /// The summaries of its data sets from files.
    public let data: [DataSummary]
    /// The study's claims.
    public let claims: [Claim]
    /// The columns of its table, scores and facts, in their order; nil for the default. They decide nothing of a run.
    public let columns: [String]?
    /// The interim analyses of its claims, where seeds were added to decide them.
    public let interimAnalyses: InterimAnalyses?
    /// The figures that it requests; nil where they follow from its axes.
    public let figures: [FigureChoice]?
    /// The files that it was read from, and the changes of the command line.
    public let origin: Origin

    /// The name that its file gives it, where it is a variant of that study, under a name of its own; nil where it is not.
    package private(set) var variantOf: String?

    /// The top-level keys of a study file besides those of its sweep.
    static let sections = ["extends", "claims", "columns", "figures", "keep", "limits", "slurm"]

    /// Whether its repetitions stand in for the file's own, chosen for this time alone.
    package private(set) var hasChosenSeeds = false

    /// The axis whose values are repetitions of one arm.
    public static let seedAxis = "seed"
    /// The name that no study may have: the folder of shared products.
    package static let reservedName = "cache"

    /// Reads a study file; nothing is run or written.
    /// - Throws: `InputError` for a file that cannot be read, `SpecError` for an invalid study.
    public init(file: String, changes: Changes) throws { try self.init(file: file, changes: changes, data: nil) }

    /// - Parameter cache: of what was found in data files before; nil reads them all.
    package init(file: String, changes: Changes, data cache: DataCache?) throws {
        try self.init(yaml: try Self.contents(of: file), file: file, changes: changes, data: cache)
    }

    /// - Parameter settings: `path=value` changes of the document, such as `base.student.optimization.steps=100`.
    public init(file: String, settings: [String] = []) throws {
        try self.init(file: file, changes: Changes(settings: settings))
    }

    /// Changes of a study from the command line.
    public struct Changes: Sendable {
        /// `path=value` changes of the document, in their order.
        public let settings: [String]
        /// Choices of runs, all of which a run has to meet; empty for all runs.
        public let only: [String]
        /// The seeds that replace the study's own; nil for those.
        public let seeds: String?
        /// The interim analyses of its claims, with the seeds that were added for them.
        public let interimAnalyses: InterimAnalyses?
        /// The name in place of the file's; nil for that.
        private(set) var name: String?

        /// Changes, choices of runs, seeds and interim analyses, each where it is given.
        public init(
            settings: [String] = [], only: [String] = [], seeds: String? = nil, interimAnalyses: InterimAnalyses? = nil
        ) {
            (self.settings, self.only, self.seeds, self.interimAnalyses) = (settings, only, seeds, interimAnalyses)
        }

        /// The same changes of a study under another name.
        func named(_ name: String) -> Changes {
            var copy = self
            copy.name = name
            return copy
        }

        /// The changes as typed.
        var texts: [String] {
            settings.map { "--set \($0)" } + only.map { "--only \($0)" } + (seeds.map { ["--seeds \($0)"] } ?? [])
                + [interimAnalyses?.text].compactMap { $0 }
        }
    }

    private static func contents(of file: String) throws -> String {
        try SpecText.decoded([UInt8](try RegularFile.read(file, attempt: "read the study")), file: file)
    }

    /// The document with its `base` applied as a patch to that of the study it extends, if it extends one.
    ///
    /// `extends: quickstart.yaml` names a file beside this one; only its base is used, and it may extend another in
    /// turn. Of several, `extends: [a.yaml, b.yaml]`, each is a patch of those before it.
    /// - Parameter read: receives every file that is read, in order.
    private static func extended(
        _ tree: SpecTree, file: String, through files: [String] = [], read: inout [Origin.File]
    ) throws -> SpecTree {
        guard let mapping = tree.mapping, let entry = mapping["extends"] else { return tree }
        guard let names = entry.value.sequence else {
            let base = try base(named: entry.value, entry, file: file, through: files, read: &read)
            return try tree.extending(base, at: entry.mark)
        }
        guard !names.isEmpty else {
            throw SpecError(entry.mark, "wrong value for extends", found: "no file", allowed: "a file, or several")
        }
        var base = SpecTree(.mapping(SpecMapping()), mark: entry.mark)
        for name in names {
            base = try base.patched(with: try Self.base(named: name, entry, file: file, through: files, read: &read))
        }
        return try tree.extending(base, at: entry.mark)
    }

    /// The base of a study that another extends.
    private static func base(
        named tree: SpecTree, _ entry: SpecMapping.Entry, file: String, through files: [String],
        read: inout [Origin.File]
    ) throws -> SpecTree {
        let name = try StrictDecoder().decode(String.self, from: tree, at: "extends")
        let folder = parentFolder(of: file)
        let path = folder.isEmpty || name.hasPrefix("/") ? name : "\(folder)/\(name)"
        // One file has many spellings: a.yaml, ./a.yaml, ../studies/a.yaml.
        func place(_ file: String) -> String { URL(fileURLWithPath: file).resolvingSymlinksInPath().path }
        guard !(files + [file]).map(place).contains(place(path)) else {
            throw SpecError(
                entry.mark, "a study extends itself", found: (files + [file, path]).joined(separator: " → "))
        }
        let text: String
        do { text = try contents(of: path) } catch let error as InputError {
            var missing = SpecError(
                entry.mark, "the study to extend cannot be read", found: "\(path): \(error.reason)")
            missing.isMissingInput = true
            throw missing
        }
        read.append(Origin.File(path: path, text: text))
        let other = try extended(
            try SpecTree(yaml: text, file: path), file: path, through: files + [file], read: &read)
        guard let base = other["base"] else {
            throw SpecError(entry.mark, "the study to extend has no base", found: path)
        }
        return base
    }

    /// - Parameter file: the name in errors; paths in the study are relative to its folder.
    public init(yaml: String, file: String, settings: [String] = []) throws {
        try self.init(yaml: yaml, file: file, changes: Changes(settings: settings))
    }

    /// - Parameter file: the name in errors; paths in the study are relative to its folder.
    public init(yaml: String, file: String, changes: Changes) throws {
        try self.init(yaml: yaml, file: file, changes: changes, data: nil)
    }

    /// - Parameter cache: of what was found in data files before; nil reads them all.
    package init(yaml: String, file: String, changes: Changes, data cache: DataCache?) throws {
        var files = [Origin.File(path: file, text: yaml)]
        var tree = try Self.extended(try SpecTree(yaml: yaml, file: file), file: file, read: &files)
        for setting in changes.settings { tree = try tree.setting(setting) }
        if let seeds = changes.seeds { tree = try tree.setting(SeedRange(seeds).setting) }
        let written = tree["study"]?.scalar?.text
        if let name = changes.name { tree = try tree.setting("study=\(name)") }
        hasChosenSeeds = changes.seeds != nil || changes.settings.contains { $0.hasPrefix(Self.seedPath) }
        if let interimAnalyses = changes.interimAnalyses { tree = try tree.taking(interimAnalyses) }
        interimAnalyses = changes.interimAnalyses
        let document = try StudyDocument(tree, sections: Self.sections)
        (name, question, text) = (document.name, document.question, yaml)
        variantOf = changes.name == nil ? nil : written
        resolved = tree.yaml()
        limits = try document.sections["limits"].map { entry in
            try StrictDecoder().decode(Limits.self, from: entry.value, at: "limits")
        }
        keeping = try document.sections["keep"].map { entry in
            try StrictDecoder().decode(Keeping.self, from: entry.value, at: "keep")
        }
        slurm = try document.sections["slurm"].map { entry in
            try StrictDecoder().decode(SlurmProfile.self, from: entry.value, at: "slurm")
        }
        origin = Origin(files: files, changes: changes.texts)
        (named, data) = try Self.runs(of: document, origin, cache)
        claims =
            try document.sections["claims"].map { [named] in
                try Claim.read($0.value, runs: named, metrics: named.scoreNames)
            } ?? []
        figures = try document.sections["figures"].map { [named] in
            try FigureChoice.read($0.value, runs: named, metrics: named.scoreNames)
        }
        columns = try document.sections["columns"].map { [named] in
            try Self.columns($0.value, among: named.scoreNames + ArmFact.allCases.map(\.rawValue))
        }
        runs = try changes.only.reduce(named) { try RunChoice($1).chosen(of: $0) }
    }

    private static func columns(_ section: SpecTree, among known: [String]) throws(SpecError) -> [String] {
        let names = try StrictDecoder().decode([String].self, from: section, at: "columns")
        guard !names.isEmpty else {
            throw SpecError(section.mark, "wrong value for columns", found: "nothing", allowed: "at least one entry")
        }
        for (index, name) in names.enumerated() {
            let mark = section.sequence?[index].mark ?? section.mark
            guard known.contains(name) else {
                throw SpecError(mark, "unknown column '\(name)' in columns", name: name, among: known)
            }
            if names[..<index].contains(name) {
                throw SpecError(mark, "wrong value for columns", found: "\(name) again", allowed: "each column once")
            }
        }
        return names
    }

    private static func runs(
        of document: StudyDocument, _ origin: Origin, _ cache: DataCache?
    ) throws -> ([Run], [DataSummary]) {
        var runs: [Run] = []
        var inspector = DatasetInspector(cache: cache)
        let points = try document.sweep.points()
        for point in points {
            let specification: RunSpecification
            do { specification = try inspector.at(point) } catch var unread as DataNotRead {
                (unread.study, unread.runs) = (document.name, points.count)
                throw unread
            }
            runs.append(
                Run(
                    study: document.name, point: point.name, coordinates: point.coordinates, position: runs.count,
                    specification: specification, origin: origin))
        }
        return (runs, inspector.summaries)
    }

    /// The study of one run alone.
    package init(_ run: Run) {
        (name, question, text) = (run.study, "", run.origin?.files.first?.text ?? "")
        resolved = text
        (data, keeping) = ([], nil)
        (runs, named, claims, interimAnalyses, limits, slurm, columns, figures) = (
            [run], [run], [], nil, nil, nil, nil, nil
        )
        origin = run.origin ?? Origin()
    }
}

extension SpecTree {
    /// The document with a base under its own, and without the key that asked for it.
    fileprivate func extending(_ base: SpecTree, at mark: SpecMark) throws(SpecError) -> SpecTree {
        let own = self["base"]
        var entries = (mapping?.entries ?? []).filter { $0.key != "extends" && $0.key != "base" }
        let value: SpecTree = if let own { try base.patched(with: own) } else { base }
        entries.append(.init(key: "base", mark: mark, value: value))
        return SpecTree(.mapping(SpecMapping(entries)), mark: self.mark)
    }

    /// The document with the seeds of its interim analyses.
    /// - Throws: `SpecError` where its seeds are not a list of numbers.
    fileprivate func taking(_ interimAnalyses: InterimAnalyses) throws(SpecError) -> SpecTree {
        guard !interimAnalyses.added.isEmpty else { return self }
        let axis = Study.seedAxis, written = self["axes"]?[axis]
        guard written?.sequence != nil else {
            throw SpecError(
                written?.mark ?? mark, "seeds cannot be added to axes.\(axis)", found: written?.summary,
                allowed: "a list of numbers, such as [0, 1, 2]")
        }
        return try setting(interimAnalyses.setting)
    }
}
