import Results
import Specification
import Storage
import Study

extension StudyResults {
    /// Writes the study as one HDF5 file whose dimensions are its axes, as xarray opens it. Where few values of the axes meet, as when
    /// one factor is varied at a time, there is one dimension `run` instead, and the axes are coordinates along it.
    ///
    /// The root has a scale for each axis and, over all axes, `outcome`, `trainingSeconds` and `identity`; the groups
    /// `training` and `evaluation` have a variable per name with the further dimension `step`, and before it
    /// `mapSteps` for a score that any run has in several steps; `floor` and `ceiling` have the teacher's scores,
    /// `drift` its curve over `duration`. A missing run or measurement is NaN or an empty text. Where an axis does
    /// not apply, its value is NaN or an empty text too.
    ///
    /// - Throws: `InputError` where the block would take too much memory, as for axes of many values of which few are
    ///   run together; `HDF5Error`, `FileError`.
    public func writeHDF5(to path: String) throws {
        let dimensions = StudyCube.dimensions(of: records)
        let isSparse = StudyCube.isSparse(dimensions, runs: max(runs.count, records.count))
        try checkSize(isSparse ? [records.count] : dimensions.map(\.labels.count), path)
        let cube =
            isSparse
            ? StudyCube(inOneDimension: records, coordinates: dimensions) : StudyCube(records, dimensions)
        try HDF5File.write(to: path) { root in
            try root.setAttribute("schema", "ablate.study/1")
            try root.setAttribute("study", name)
            if let question { try root.setAttribute("question", question) }
            let axes = cube.dimensions.map(\.axis), names = axes + cube.coordinates.map(\.axis)
            try writeCoordinates(of: cube, to: root)
            for dimension in cube.dimensions where cube.coordinates.isEmpty {
                if let numbers = dimension.numbers {
                    try root.writeScale(dimension.axis, numbers)
                } else {
                    try root.writeScale(dimension.axis, dimension.labels)
                }
            }
            try root.write(
                Self.free("outcome", names), cube.records.map { $0?.outcome.words ?? "" }, shape: cube.shape,
                dimensions: axes)
            try root.write(
                Self.free("identity", names), cube.records.map { $0?.identity.hex ?? "" }, shape: cube.shape,
                dimensions: axes)
            try root.write(
                Self.free("trainingSeconds", names), cube.values(\.provenance.trainingSeconds), shape: cube.shape,
                dimensions: axes
            ).setAttribute("units", "s")
            try writeCurves(\.training, of: cube, to: root.group("training"))
            try writeCurves(\.evaluation, of: cube, to: root.group("evaluation"))
            try writeScores(\.reference.floor, of: cube, to: root.group("floor"))
            try writeScores(\.reference.ceiling, of: cube, to: root.group("ceiling"))
            if records.contains(where: { $0.drift != nil }) { try writeDrift(of: cube, to: root.group("drift")) }
            if records.contains(where: { $0.search != nil }) { try writeSearch(of: cube, to: root.group("search")) }
        }
    }

    /// Writes the values of each record on axes that are no dimensions.
    private func writeCoordinates(of cube: StudyCube, to root: HDF5Group) throws {
        guard !cube.coordinates.isEmpty, let run = cube.dimensions.first else { return }
        try root.writeScale(run.axis, run.labels)
        // By this xarray knows them for coordinates.
        try root.setAttribute("coordinates", cube.coordinates.map(\.axis).joined(separator: " "))
        for axis in cube.coordinates {
            let labels = cube.records.map { $0?.run[axis.axis] ?? StudyCube.absentLabel }
            if let numbers = axis.numbers {
                let values = Dictionary(uniqueKeysWithValues: zip(axis.labels, numbers))
                try root.write(
                    axis.axis, labels.map { values[$0] ?? .nan }, shape: cube.shape, dimensions: [run.axis])
            } else {
                try root.write(axis.axis, labels, shape: cube.shape, dimensions: [run.axis])
            }
        }
    }

    /// A name that no axis has.
    static func free(_ name: String, _ axes: [String]) -> String {
        axes.contains(name) ? free(name + "_", axes) : name
    }

    private func writeCurves(_ curves: KeyPath<Record, Curves>, of cube: StudyCube, to group: HDF5Group) throws {
        let axes = cube.dimensions.map(\.axis), dimension = Self.free("step", axes)
        let steps = Set(records.flatMap { $0[keyPath: curves].steps }).sorted()
        try group.writeScale(dimension, steps.map(Int64.init))
        let scores = Self.names(records.map { $0[keyPath: curves].names }).map(ScoreName.init)
        let counts = Set(scores.map(\.steps)).union([1]).sorted(), several = Self.free("mapSteps", axes + [dimension])
        if counts.count > 1 { try group.writeScale(several, counts.map(Int64.init)) }
        for name in Self.names([scores.map(\.metric)]) {
            // What is in one step alone, such as the discrepancy of the data, has no such dimension.
            let isInSteps = scores.contains { $0.metric == name && $0.steps > 1 }
            let own = isInSteps ? counts : [1]
            let values = cube.records.flatMap { record in
                own.flatMap { Self.column(ScoreName(name, steps: $0).text, record?[keyPath: curves], steps) }
            }
            try group.write(
                Self.free(name, axes + [several, dimension]), values,
                shape: cube.shape + (isInSteps ? [counts.count] : []) + [steps.count],
                dimensions: axes + (isInSteps ? [several] : []) + [dimension])
        }
    }

    /// The values of a name at steps, NaN where there are none.
    private static func column(_ name: String, _ curves: Curves?, _ steps: [Int]) -> [Double] {
        let known = Dictionary(
            zip(curves?.steps ?? [], curves?[name] ?? []).map { ($0, $1) }, uniquingKeysWith: { $1 })
        return steps.map { known[$0] ?? .nan }
    }

    private func writeScores(_ scores: KeyPath<Record, Scores>, of cube: StudyCube, to group: HDF5Group) throws {
        let axes = cube.dimensions.map(\.axis)
        for name in Self.names(records.map { $0[keyPath: scores].names }) {
            try group.write(
                Self.free(name, axes), cube.values { $0[keyPath: scores][name] }, shape: cube.shape, dimensions: axes)
        }
    }

    private func writeDrift(of cube: StudyCube, to group: HDF5Group) throws {
        let axes = cube.dimensions.map(\.axis), dimension = Self.free("duration", axes)
        let durations = Set(records.flatMap { $0.drift?.durations ?? [] }).sorted()
        try group.writeScale(dimension, durations)
        for (name, column) in [("student", \Drift.student), ("ceiling", \Drift.ceiling)] {
            let values = cube.records.flatMap { record in
                let known = Dictionary(
                    record?.drift.map { zip($0.durations, $0[keyPath: column]).map { ($0, $1) } } ?? [],
                    uniquingKeysWith: { $1 })
                return durations.map { known[$0] ?? .nan }
            }
            try group.write(
                Self.free(name, axes + [dimension]), values, shape: cube.shape + [durations.count],
                dimensions: axes + [dimension])
        }
    }

    private static func names(_ lists: [[String]]) -> [String] {
        var names: [String] = []
        for name in lists.joined() where !names.contains(name) { names.append(name) }
        return names
    }

    /// Bytes that one variable may take.
    private static let mostBytes = 0x1p30

    private func checkSize(_ shape: [Int], _ path: String) throws {
        let steps =
            records.map { max($0.training.steps.count, $0.evaluation.steps.count * (1 + $0.evaluation.mapSteps.count)) }
            .max() ?? 1
        // In floating point, which does not overflow.
        let bytes = shape.reduce(8 * Double(max(1, steps))) { $0 * Double($1) }
        guard bytes > Self.mostBytes else { return }
        throw InputError(
            path: path, attempt: "write the study as one block",
            reason:
                "\(shape.map(String.init).joined(separator: " × ")) places would be too many for \(records.count) "
                + "runs; --to csv has a row a number")
    }
}
