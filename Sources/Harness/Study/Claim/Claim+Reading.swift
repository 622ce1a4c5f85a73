import FlowMaps
import Specification

extension Claim {
    /// Reads a study's `claims`: a mapping of names, each with `says` and one statement.
    /// - Parameters:
    ///   - runs: the runs of the study, whose axes and values the claims name.
    ///   - metrics: the names of the study's scores.
    /// - Throws: `SpecError` for an invalid statement, and for an axis, value or metric that the study does not have.
    static func read(_ section: SpecTree, runs: [Run], metrics: [String]) throws(SpecError) -> [Claim] {
        guard let entries = section.mapping?.entries else {
            throw SpecError(
                section.mark, "wrong value for claims", found: section.summary, allowed: "names, each with a claim")
        }
        return try entries.map { entry throws(SpecError) in
            let claim = try read(entry, metrics)
            try claim.statement.check(against: runs, metrics: metrics, entry.mark, "claims.\(entry.key)")
            try claim.checkEach(against: runs, entry.mark)
            return claim
        }
    }

    private static func read(_ entry: SpecMapping.Entry, _ metrics: [String]) throws(SpecError) -> Claim {
        let place = "claims.\(entry.key)"
        guard let mapping = entry.value.mapping, let says = mapping["says"] else {
            throw SpecError(
                entry.mark, "missing key 'says' in \(place)", allowed: "the claim in words, and a statement")
        }
        let rest = SpecMapping(
            try mapping.entries.filter { $0.key != "says" && $0.key != "each" }.map { entry throws(SpecError) in
                .init(
                    key: entry.key, mark: entry.mark, value: try naming(entry.value, metrics, "\(place).\(entry.key)"))
            })
        return Claim(
            name: entry.key, says: try StrictDecoder().decode(String.self, from: says.value, at: "\(place).says"),
            statement: try StrictDecoder().decode(
                Statement.self, from: SpecTree(.mapping(rest), mark: entry.value.mark), at: place),
            each: try mapping["each"].map { each throws(SpecError) in
                try StrictDecoder().decode(String.self, from: each.value, at: "\(place).each")
            })
    }

    /// Refuses an axis of `each` that the study does not have, or that the claim names or goes along itself.
    fileprivate func checkEach(against runs: [Run], _ mark: SpecMark) throws(SpecError) {
        guard let each else { return }
        let place = "claims.\(name).each"
        if !runs.axes.contains(each) {
            throw SpecError(mark, "unknown axis '\(each)' in \(place)", name: each, among: runs.axes)
        }
        let named = statement.selections.flatMap(\.arm.keys) + [statement.kind.axis].compactMap { $0 }
        if named.contains(each) || each == Study.seedAxis {
            throw SpecError(
                mark, "axis '\(each)' in \(place)",
                found: each == Study.seedAxis ? "the seeds" : "an axis of the claim itself",
                allowed: "an axis that the claim does not name, with several seeds at each value, such as sharedSeed")
        }
    }
}

extension Claim {
    /// The statement with its `against` as part of the metric's name: `{metric: frechetDistance, against: data}`
    /// becomes `frechetDistance.data`.
    /// - Parameter metrics: the names of the study's scores.
    private static func naming(_ statement: SpecTree, _ metrics: [String], _ place: String) throws(SpecError)
        -> SpecTree
    {
        guard let mapping = statement.mapping, let against = mapping["against"], let metric = mapping["metric"],
            let name = metric.value.scalar
        else { return statement }
        let reference = try StrictDecoder().decode(String.self, from: against.value, at: "\(place).against")
        var known = [MetricReference.teacherName, MetricReference.dataName]
        for other in metrics.map(MetricReference.name(inScore:)) where !known.contains(other) { known.append(other) }
        guard known.contains(reference) else {
            throw SpecError(
                against.value.mark, "unknown reference '\(reference)' in \(place).against", name: reference,
                among: known)
        }
        let measured = ScoreName(name.text)
        let full = ScoreName(
            reference == MetricReference.teacherName ? measured.metric : "\(measured.metric).\(reference)",
            steps: measured.steps)
        let entries = mapping.entries.filter { $0.key != "against" }.map { entry -> SpecMapping.Entry in
            guard entry.key == "metric" else { return entry }
            return .init(
                key: entry.key, mark: entry.mark,
                value: SpecTree(.scalar(SpecScalar(full.text)), mark: entry.value.mark))
        }
        return SpecTree(.mapping(SpecMapping(entries)), mark: statement.mark)
    }
}

extension Claim.Statement {
    fileprivate func check(
        against runs: [Run], metrics: [String], _ mark: SpecMark, _ place: String
    ) throws(SpecError) {
        if !metrics.contains(metric) {
            throw SpecError(mark, "unknown metric '\(metric)' in \(place)", name: metric, among: metrics)
        }
        try checkSampleCounts(of: runs, mark, place)
        let axes = ClaimAxes(of: runs, metric)
        if let axis = kind.axis {
            try axes.check(axis, mark, place)
            let numbers = Set(axes.coordinates(on: axis).compactMap(\.number))
            if numbers.count < 2 {
                throw SpecError(
                    mark, "axis '\(axis)' in \(place) has no order", found: "\(numbers.count) values that are numbers",
                    allowed: "an axis of at least 2 numbers")
            }
        }
        for (key, arm) in selections {
            for (axis, label) in arm.sorted(by: { $0.key < $1.key }) {
                try axes.check(axis, mark, "\(place).\(key)")
                let coordinates = axes.coordinates(on: axis)
                guard !coordinates.contains(where: { $0.is(label) }) else { continue }
                throw SpecError(
                    mark, "unknown value '\(label)' of axis '\(axis)' in \(place).\(key)", name: label,
                    among: coordinates.map(\.label))
            }
            let own = arm.filter { axes.own.contains($0.key) }
            if !runs.contains(where: { run in own.allSatisfy { run.has($0.value, on: $0.key) } }) {
                throw SpecError(
                    mark, "no run of the study is of the arm in \(place).\(key)",
                    found: arm.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))
            }
            // A study's own axis of that name goes first.
            let asked =
                own[RecordAxis.mapSteps.rawValue] == nil ? arm[RecordAxis.mapSteps.rawValue].flatMap(Int.init) : nil
            try checkSteps(
                asked ?? ScoreName(metric).steps,
                of: runs.filter { run in own.allSatisfy { run.has($0.value, on: $0.key) } }, mark, "\(place).\(key)")
        }
    }

    /// Refuses to compare scores of different numbers of samples, where the scores depend on it.
    private func checkSampleCounts(of runs: [Run], _ mark: SpecMark, _ place: String) throws(SpecError) {
        guard kind.comparesRuns, ScoreName(metric).dependsOnCount else { return }
        let own = Set(runs.axes)
        let compared = runs.filter { run in
            selections.contains { _, arm in
                arm.filter { own.contains($0.key) }.allSatisfy { run.has($0.value, on: $0.key) }
            }
        }
        let counts = Set(compared.map(\.specification.evaluation.samples)).sorted()
        guard counts.count > 1 else { return }
        throw SpecError(
            mark, "scores of different numbers of samples in \(place)",
            found: counts.map(String.init).joined(separator: ", ") + " samples",
            allowed: "equal evaluation.samples: '\(metric)' depends on them")
    }

    /// Refuses a metric in more steps than any run of an arm is sampled in.
    private func checkSteps(
        _ steps: Int, of runs: [Run], _ mark: SpecMark, _ place: String
    ) throws(SpecError) {
        guard !runs.contains(where: { $0.specification.mapSteps.contains(steps) }) else { return }
        let isAlone = runs.contains { $0.specification.student.method.isOneStepOnly }
        throw SpecError(
            mark, "no '\(ScoreName(ScoreName(metric).metric, steps: steps).text)' of the runs in \(place)",
            found: "\(steps) steps",
            allowed: isAlone
                ? "1 step, as the student learns to set out from t = 1 alone"
                : "the numbers of evaluation.steps")
    }
}

/// The axes that a claim on a score may name: the study's own, and those of its records.
private struct ClaimAxes {
    let own: [String]
    private let inner: [RecordAxis]
    private let runs: [Run]

    init(of runs: [Run], _ score: String) {
        let own = runs.axes
        (self.runs, self.own) = (runs, own)
        inner = RecordAxis.of(score).filter { !own.contains($0.rawValue) }
    }

    func check(_ axis: String, _ mark: SpecMark, _ place: String) throws(SpecError) {
        let names = own + inner.map(\.rawValue)
        if !names.contains(axis) {
            throw SpecError(mark, "unknown axis '\(axis)' in \(place)", name: axis, among: names)
        }
    }

    /// The different values on an axis, in their order.
    func coordinates(on axis: String) -> [SweepPoint.Coordinate] {
        if let record = inner.first(where: { $0.rawValue == axis }) { return record.coordinates(in: runs) }
        var result: [SweepPoint.Coordinate] = [], seen: Set<SweepPoint.Coordinate> = []
        for coordinate in runs.compactMap({ $0.coordinates.first { $0.axis == axis } })
        where seen.insert(coordinate).inserted { result.append(coordinate) }
        return result
    }
}
