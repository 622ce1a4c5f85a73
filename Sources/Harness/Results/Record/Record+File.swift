import FlowMaps
import Foundation
import Specification
import Storage
import Study

extension Record {
    /// Writes the record as HDF5, whole or not at all.
    public func write(to path: String) throws { try write(to: path, with: []) { _ in } }

    /// The same, with the files that belong to it.
    /// - Parameters:
    ///   - companions: files that have to be on the disk before the record gets its name.
    ///   - sealing: called with the hash of the whole file before that.
    package func write(to path: String, with companions: [String], sealing: (Identity) throws -> Void) throws {
        try HDF5File.writeSealed(to: path, with: companions, sealing: sealing) { root in
            try root.setAttribute("schema", Self.schema)
            try root.setAttribute("identity", identity.hex)
            try root.setAttribute("study", run.study)
            try root.setAttribute("point", run.point)
            try root.setAttribute("position", run.position)
            try root.setAttribute("seed", run.specification.seed)
            try root.setAttribute("trainingCost", run.specification.student.trainingCost)
            switch outcome {
            case .done: try root.setAttribute("outcome", "done")
            case .diverged(let step, let cause):
                try root.setAttribute("outcome", "diverged")
                try root.setAttribute("failedStep", step)
                try root.setAttribute("failure", cause)
            }
            // A scalar: an axis of one would have no scale, of which xarray warns.
            try root.write("specification", [try CanonicalEncoder().encode(run.specification).yaml()], shape: [])
            try root.setAttribute("axes", run.coordinates.map(\.axis))
            try writeAxes(root.group("axes"))
            try run.origin?.write(to: root.group("origin"))
            try RunFingerprint(RunStage(run: run)).write(to: root.group("uses"))
            try writeProvenance(root.group("provenance"))
            try training.write(to: root.group("training"))
            try evaluation.inOneStep.write(to: root.group("evaluation"), features: features)
            if !evaluation.mapSteps.isEmpty {
                try evaluation.writeInSteps(to: root.group("fewSteps"), features: features)
            }
            try reference.write(to: root.group("reference"))
            try features?.write(to: root.group("features"))
            try drift?.write(to: root.group("drift"))
            try search?.write(to: root.group("search"))
            try samples?.write(to: root.group("samples"))
            try overTraining?.write(to: root.group("samplesOverTraining"))
            try trajectories?.write(to: root.group("trajectories"))
        }
    }

    private func writeAxes(_ group: HDF5Group) throws {
        // Nothing but axes has a name here, for an axis may have any.
        let numbers = try group.group("numbers")
        for coordinate in run.coordinates {
            try group.setAttribute(coordinate.axis, coordinate.label)
            if let number = coordinate.number { try numbers.setAttribute(coordinate.axis, number) }
        }
    }

    private func writeProvenance(_ group: HDF5Group) throws {
        for fact in provenance.facts { try group.setAttribute(fact.name, fact.value) }
        try group.setAttribute("trainingSeconds", provenance.trainingSeconds)
        try group.setAttribute("wallSeconds", provenance.wallSeconds)
        try group.setAttribute("processorSeconds", provenance.processorSeconds)
        try group.setAttribute("peakMemoryMiB", provenance.peakMemory)
    }

    /// Reads a record.
    /// - Throws: `RecordError` for a file of another schema, for one whose bytes are not those that were sealed in it, and for one that
    ///   says what no run leaves; `HDF5Error` for one that is damaged, `SpecError` for a specification that is none.
    public static func read(_ path: String) throws -> Record { try read(path, isVerified: false) }

    /// - Parameter isVerified: whether the file is known to have the bytes that were written.
    // Inlined into a loop it ends the optimiser of Swift 6.3.1.
    @inline(never)
    static func read(_ path: String, isVerified: Bool) throws -> Record {
        if !isVerified {
            try checkSeal(path)
            try RecordInspection.check(path)
        }
        return try HDF5File.read(path) { root in
            try checkSchema(of: root, path)
            let groups = try root.groupNames()
            let specification = try specification(root, path)
            guard let identity = Identity(hex: try root.string("identity")) else {
                throw RecordError(path: path, found: "no identity", allowed: "64 hexadecimal digits")
            }
            let run = Run(
                study: try root.string("study"), point: try root.string("point"),
                coordinates: try coordinates(root), position: try root.wholeNumber("position"),
                specification: specification,
                origin: try root.groupNames().contains("origin") ? Origin(root.group("origin")) : nil)
            let arrays = try RecordArrays.Content(root)
            let record = Record(
                run: run, identity: identity, outcome: try outcome(root), training: try Curves(root.group("training")),
                evaluation: try evaluation(root, groups),
                reference: try ReferenceScores(root.group("reference")),
                features: try groups.contains("features") ? FeatureSource(root.group("features")) : nil,
                drift: try groups.contains("drift") ? Drift(root.group("drift")) : nil,
                search: try groups.contains("search") ? SearchCurves(root.group("search")) : nil,
                samples: arrays.samples, provenance: try Provenance(root.group("provenance")),
                overTraining: arrays.overTraining, trajectories: arrays.trajectories)
            if let fault = record.fault { throw RecordError(path: path, found: fault.found, allowed: fault.allowed) }
            return record
        }
    }

    private static func evaluation(_ root: HDF5GroupReader, _ groups: [String]) throws -> Curves {
        var curves = try Curves(root.group("evaluation"))
        if groups.contains("fewSteps") { try curves.readInSteps(root.group("fewSteps")) }
        return curves
    }

    static func specification(_ root: HDF5GroupReader, _ path: String) throws -> RunSpecification {
        guard let text = try root.read("specification", as: String.self).values.first else {
            throw RecordError(path: path, found: "no specification", allowed: "that of the run")
        }
        let tree = try SpecTree(yaml: text, file: path)
        func decoded(_ folder: String?) throws -> RunSpecification {
            var decoder = StrictDecoder()
            decoder.folder = folder
            return try decoder.decode(RunSpecification.self, from: tree, at: "specification")
        }
        // Its data lie where they did for the study, not beside the record; a file that it extends may have named them.
        let origin = try root.groupNames().contains("origin") ? Origin(root.group("origin")) : Origin()
        var folders: [String] = []
        for folder in origin.files.map({ parentFolder(of: $0.path) }) where !folders.contains(folder) {
            folders.append(folder)
        }
        func hasData(_ specification: RunSpecification) -> Bool {
            [specification.data.path, specification.studentData?.path].compactMap { $0 }.allSatisfy {
                FileManager.default.fileExists(atPath: $0)
            }
        }
        let specification = try decoded(folders.first)
        for folder in folders.dropFirst() {
            if hasData(specification) { break }
            let other = try decoded(folder)
            if hasData(other) { return other }
        }
        return specification
    }

    static func checkSchema(of root: HDF5GroupReader, _ path: String) throws {
        let found = try? root.string("schema")
        guard found == schema else {
            throw RecordError(
                path: path, found: FileSchema.describing(found, expected: schema), allowed: "schema '\(schema)'")
        }
    }

    private static func outcome(_ root: HDF5GroupReader) throws -> Outcome {
        guard try root.string("outcome") == "diverged" else { return .done }
        return .diverged(step: try root.wholeNumber("failedStep"), cause: try root.string("failure"))
    }

    private static func coordinates(_ root: HDF5GroupReader) throws -> [SweepPoint.Coordinate] {
        guard case .strings(let axes) = try root.attribute("axes") else { return [] }
        let group = try root.group("axes"), numbers = try group.group("numbers")
        let numbered = try numbers.attributeNames()
        return try axes.map { axis in
            let number = numbered.contains(axis) ? try numbers.number(axis) : nil
            return SweepPoint.Coordinate(axis: axis, label: try group.string(axis), number: number)
        }
    }
}

/// The error of a file that is not a record of this program, or is one of another version.
public struct RecordError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path, found, allowed: String

    package init(path: String, found: String, allowed: String) {
        (self.path, self.found, self.allowed) = (path, found, allowed)
    }
    /// The path, the content found and the content allowed.
    public var description: String { "\(path): found \(found), allowed: \(allowed)" }
}

extension Curves {
    /// - Parameter features: the source of features, named beside every score that was taken on them.
    package func write(to group: HDF5Group, features: FeatureSource? = nil) throws {
        try group.writeScale("step", steps.map(Int64.init))
        try group.setAttribute("columns", names)
        for (name, column) in zip(names, columns) {
            let dataset = try group.write(name, column, shape: [column.count], dimensions: ["step"])
            if let features, Metric(score: name)?.readsFeatures == true {
                try dataset.setAttribute("features", features.name)
            }
            try dataset.setReference(of: name)
        }
    }

    package init(_ group: HDF5GroupReader) throws {
        guard case .strings(let names) = try group.attribute("columns") else {
            self.init()
            return
        }
        self.init(names: names)
        steps = try group.read("step", as: Int64.self).values.map(Int.init)
        columns = try names.map { try group.numbers($0, count: steps.count) }
        guard Set(names).count == names.count, steps.allSatisfy({ $0 >= 0 }),
            zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw group.refusal("columns of one name, or steps that do not rise", "each name once, rising steps") }
    }
}

extension Scores {
    func write(to group: HDF5Group) throws {
        try group.setAttribute("names", names)
        for (name, value) in zip(names, values) { try group.setAttribute(name, value) }
    }

    init(_ group: HDF5GroupReader) throws {
        guard case .strings(let names) = try group.attribute("names") else {
            self.init([])
            return
        }
        self.init(try names.map { ($0, try group.number($0)) })
    }
}

extension ReferenceScores {
    package func write(to group: HDF5Group) throws {
        try group.setAttribute("floorEvaluations", floorEvaluations)
        try group.setAttribute("ceilingEvaluations", ceilingEvaluations)
        try floor.write(to: group.group("floor"))
        try ceiling.write(to: group.group("ceiling"))
    }

    package init(_ group: HDF5GroupReader) throws {
        self.init(
            floor: try Scores(group.group("floor")), floorEvaluations: try group.wholeNumber("floorEvaluations"),
            ceiling: try Scores(group.group("ceiling")),
            ceilingEvaluations: try group.wholeNumber("ceilingEvaluations")
        )
    }
}

extension SavedSamples {
    func write(to group: HDF5Group) throws {
        try group.writeScale("sample", count: count)
        try group.writeScale("element", count: dimension)
        let dimensions = ["sample", "element"]
        try group.write("student", student, shape: [count, dimension], dimensions: dimensions)
        try group.write("teacher", teacher, shape: [count, dimension], dimensions: dimensions)
        if let labels { try group.write("label", labels.map(Int64.init), shape: [count], dimensions: ["sample"]) }
        guard !inSteps.isEmpty else { return }
        try group.writeScale("mapSteps", inSteps.map { Int64($0.steps) })
        try group.write(
            "studentInSteps", inSteps.flatMap(\.values), shape: [inSteps.count, count, dimension],
            dimensions: ["mapSteps"] + dimensions)
    }

    init(_ group: HDF5GroupReader) throws {
        let student = try group.block("student", rank: 2), shape = student.shape
        let names = try group.datasetNames(), size = student.values.count
        var inSteps: [InSteps] = [], labels: [Int]?
        if names.contains("studentInSteps") {
            let steps = try group.read("mapSteps", as: Int64.self).values
            let values = try group.block("studentInSteps", [steps.count] + shape).values
            inSteps = steps.enumerated().map { index, steps in
                InSteps(steps: Int(steps), values: Array(values[index * size..<(index + 1) * size]))
            }
            guard steps.allSatisfy({ $0 > 1 }), zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw group.refusal("mapSteps \(steps)", "numbers of steps that rise from 2")
            }
        }
        if names.contains("label") {
            let values = try group.read("label", as: Int64.self).values.map(Int.init)
            guard values.count == shape[0] else {
                throw group.refusal("\(values.count) labels", "\(shape[0]), one a sample")
            }
            labels = values
        }
        self.init(
            student: student.values, teacher: try group.block("teacher", shape).values, labels: labels,
            dimension: shape[1], inSteps: inSteps)
    }
}

extension Provenance {
    init(_ group: HDF5GroupReader) throws {
        let facts = try group.attributeNames().compactMap { name in
            if case .string(let value) = try group.attribute(name) { Fact(name: name, value: value) } else { nil }
        }
        self.init(
            facts: facts, trainingSeconds: try group.measure("trainingSeconds"),
            wallSeconds: try group.measure("wallSeconds"), processorSeconds: try group.measure("processorSeconds"),
            peakMemory: try group.measure("peakMemoryMiB"))
    }
}

extension HDF5Object {
    /// An attribute that is numbers with a point.
    package func numbers(_ name: String) throws -> [Double] {
        guard case .doubles(let values) = try attribute(name) else { throw wrongKind(name, "numbers") }
        return values
    }

    /// An attribute that is text.
    package func string(_ name: String) throws -> String {
        guard case .string(let value) = try attribute(name) else { throw wrongKind(name, "text") }
        return value
    }

    /// An attribute that is a number, whole or not.
    package func number(_ name: String) throws -> Double {
        switch try attribute(name) {
        case .double(let value): value
        case .integer(let value): Double(value)
        default: throw wrongKind(name, "a number")
        }
    }

    private func wrongKind(_ name: String, _ kind: String) -> RecordError {
        RecordError(path: place.path, found: "attribute '\(name)' of another kind", allowed: kind)
    }
}
