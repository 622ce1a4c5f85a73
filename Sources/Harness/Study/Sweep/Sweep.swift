import Specification

/// A base and the axes along which it varies: the runs of a study before any is decoded.
///
/// The points are the grid of all axes in the order they are written, the last varying fastest; less those that match a
/// row of `exclude`; and after them those of `include`. A row names values of some axes:
/// - in `exclude` it drops the grid's points that agree with it in every axis it names (and must drop some);
/// - in `include` it adds points, all values of the axes it does not name; an axis over paths may take a value there
///   that is not in its list. Points that are there already are not added again.
///
/// A cell of a row may be a sequence of values. Changes are made in the order of the axes. Two axes may not set the
/// same path, and an axis may not replace a value inside which an earlier one sets something.
package struct Sweep: Sendable {
    package let base: SpecTree
    private let axes: [SweepAxis]
    private let include: [SpecTree]
    private let exclude: [SpecTree]

    package var axisNames: [String] { axes.map(\.name) }

    /// - Parameters:
    ///   - axes: a mapping, nil for none.
    ///   - include: a sequence of rows, nil for none.
    ///   - exclude: a sequence of rows, nil for none.
    package init(
        base: SpecTree, axes: SpecTree? = nil, include: SpecTree? = nil, exclude: SpecTree? = nil
    ) throws(SpecError) {
        self.base = base
        if let axes, axes.mapping == nil, !axes.isNull {
            throw SpecError(axes.mark, "wrong value for axes", found: axes.summary, allowed: "a mapping of axes")
        }
        self.axes = try (axes?.mapping?.entries ?? []).map { entry throws(SpecError) in try SweepAxis(entry) }
        self.include = try Self.rows(include, "include")
        self.exclude = try Self.rows(exclude, "exclude")
        try checkPaths()
        try checkConditions()
    }

    private static func rows(_ tree: SpecTree?, _ name: String) throws(SpecError) -> [SpecTree] {
        guard let tree, !tree.isNull else { return [] }
        guard let rows = tree.sequence else {
            throw SpecError(tree.mark, "wrong value for \(name)", found: tree.summary, allowed: "a sequence of rows")
        }
        return rows
    }

    /// Every point, in order.
    /// - Throws: an error in a row, or a change that does not fit the base.
    package func points() throws(SpecError) -> [SweepPoint] {
        try checkSize(axes.map(\.values.count), at: axes.first?.mark)
        let excluded = try exclude.map { row throws(SpecError) in try self.row(row, "exclude", allowsNewValues: false) }
        var drops = [Int](repeating: 0, count: excluded.count)
        var selections: [[SweepAxis.Value]] = []
        var seen: Set<[String]> = []
        for values in product(axes.map(\.values)).map(conditioned) {
            // Points that differ only along an axis that does not apply are one.
            guard !isConditional || seen.insert(values.map(\.label)).inserted else { continue }
            var isDropped = false
            for (index, row) in excluded.enumerated() where Self.matches(values, row) {
                drops[index] += 1
                isDropped = true
            }
            if !isDropped { selections.append(values) }
        }
        if let idle = drops.firstIndex(of: 0) {
            throw SpecError(exclude[idle].mark, "this row of exclude matches no point")
        }
        if !include.isEmpty {
            var known = Set(selections.map(Self.labels))
            for row in include {
                let cells = try self.row(row, "include", allowsNewValues: true)
                let columns = zip(axes, cells).map { axis, values in values ?? axis.values }
                try checkSize(columns.map(\.count), at: row.mark)
                for values in product(columns).map(conditioned) where known.insert(Self.labels(values)).inserted {
                    selections.append(values)
                }
            }
        }
        return try trees(of: selections)
    }

    /// Points of a grid that are made at all: a run of a millisecond each would take twenty minutes.
    private static let mostPoints = 1_000_000.0

    /// Refuses a grid that is larger, before it is made.
    private func checkSize(_ counts: [Int], at mark: SpecMark?) throws(SpecError) {
        // In floating point, which does not overflow.
        let points = counts.reduce(1) { $0 * Double($1) }
        guard points > Self.mostPoints, let mark else { return }
        throw SpecError(
            mark, "the grid of all axes has too many points",
            found: "\(NumberFormat.text(points)), of \(counts.map(String.init).joined(separator: " × ")) values",
            allowed: "at most \(Int(Self.mostPoints)), before any is excluded; zip links values of axes")
    }

    private var isConditional: Bool { axes.contains { !$0.condition.isEmpty } }

    /// The values, with none for an axis whose condition they do not meet.
    private func conditioned(_ values: [SweepAxis.Value]) -> [SweepAxis.Value] {
        guard isConditional else { return values }
        var result = values
        for (index, axis) in axes.enumerated() {
            let holds = axis.condition.allSatisfy { condition in
                axes.firstIndex { $0.name == condition.axis }.map { condition.isMet(by: result[$0]) } ?? false
            }
            if !holds { result[index] = .absent }
        }
        return result
    }

    /// Checks that a condition names values of axes written before.
    private func checkConditions() throws(SpecError) {
        for (index, axis) in axes.enumerated() {
            for condition in axis.condition {
                guard let other = axes[..<index].first(where: { $0.name == condition.axis }) else {
                    throw SpecError(
                        condition.mark, "the condition of axis '\(axis.name)' names no axis before it",
                        name: condition.axis, among: axes[..<index].map(\.name))
                }
                if let label = condition.unknown(among: other.values) {
                    throw SpecError(
                        condition.mark,
                        "unknown value '\(label)' of axis '\(other.name)' in the condition of '\(axis.name)'",
                        name: label, among: other.values.map(\.label))
                }
            }
        }
    }

    /// The key by which two points are the same: equal labels, or equal numbers in any notation.
    private static func labels(_ values: [SweepAxis.Value]) -> [String] {
        values.map { value in value.number.map { "#\($0)" } ?? value.label }
    }

    private static func matches(_ values: [SweepAxis.Value], _ row: [[SweepAxis.Value]?]) -> Bool {
        zip(values, row).allSatisfy { value, cell in cell?.contains { $0.label == value.label } ?? true }
    }

    /// The values that a row names for each axis, nil for an axis it does not name.
    private func row(
        _ row: SpecTree, _ place: String, allowsNewValues: Bool
    ) throws(SpecError) -> [[SweepAxis.Value]?] {
        guard let cells = row.mapping, !cells.entries.isEmpty else {
            throw SpecError(
                row.mark, "wrong row of \(place)", found: row.summary, allowed: "axis names with their values")
        }
        try checkAxisNames(cells, place)
        return try axes.map { axis throws(SpecError) in
            guard let cell = cells[axis.name]?.value else { return nil }
            return try (cell.sequence ?? [cell]).map { cell throws(SpecError) in
                if let value = axis.value(matching: cell) { return value }
                if allowsNewValues, !axis.openPaths.isEmpty { return try axis.value(setting: cell) }
                throw SpecError(
                    cell.mark,
                    "unknown value '\(cell.scalar?.text ?? cell.summary)' of axis '\(axis.name)' in \(place)",
                    name: cell.scalar?.text ?? "", among: axis.values.map(\.label))
            }
        }
    }

    private func checkAxisNames(_ cells: SpecMapping, _ place: String) throws(SpecError) {
        let issues = cells.entries.filter { !axisNames.contains($0.key) }.map { entry in
            SpecIssue(
                entry.mark, "unknown axis '\(entry.key)' in \(place)", allowed: axisNames.joined(separator: ", "),
                nearest: nearestName(to: entry.key, among: axisNames))
        }
        if !issues.isEmpty { throw SpecError(issues) }
    }

    /// Applies the changes of each selection, sharing the trees of the axes in which it agrees with the one before.
    private func trees(of selections: [[SweepAxis.Value]]) throws(SpecError) -> [SweepPoint] {
        var trees = [base]
        var previous: [SweepAxis.Value] = []
        var points: [SweepPoint] = []
        points.reserveCapacity(selections.count)
        for values in selections {
            let coordinates = zip(axes, values).filter { !$1.isAbsent }.map {
                SweepPoint.Coordinate(axis: $0.name, label: $1.label, number: $1.number)
            }
            let shared = zip(previous, values).prefix { $0.label == $1.label }.count
            trees.removeLast(trees.count - shared - 1)
            for value in values[shared...] {
                do throws(SpecError) { trees.append(try trees.last!.changed(by: value.change)) } catch {
                    let name = SweepPoint(coordinates: coordinates, tree: base).name
                    throw error.noting("in the run \(name); a row of exclude can leave it out")
                }
            }
            previous = values
            points.append(SweepPoint(coordinates: coordinates, tree: trees.last!))
        }
        try checkNames(points)
        return points
    }

    private func checkNames(_ points: [SweepPoint]) throws(SpecError) {
        guard let long = points.first(where: { $0.name.utf8.count > SweepPoint.longestName }) else { return }
        throw SpecError(
            axes[0].mark, "a run's name is too long for a folder", found: long.name,
            allowed: "\(SweepPoint.longestName) letters: shorten labels")
    }

    private func checkPaths() throws(SpecError) {
        for (index, axis) in axes.enumerated() {
            for leaf in axis.leaves {
                try checkSetting(leaf.path, axis)
                for earlier in axes[..<index] {
                    try check(leaf, of: axis, against: earlier)
                }
            }
        }
    }

    private func check(
        _ leaf: (path: String, mark: SpecMark), of axis: SweepAxis, against earlier: SweepAxis
    ) throws(SpecError) {
        if let same = earlier.leaves.first(where: { Self.rest(of: $0.path, within: leaf.path) == 0 }) {
            throw SpecError(
                leaf.mark, "axes '\(earlier.name)' and '\(axis.name)' both set \(leaf.path)",
                notes: ["the other is at \(same.mark)"])
        }
        if let inner = earlier.leaves.first(where: { Self.rest(of: $0.path, within: leaf.path) ?? 0 > 0 }) {
            throw SpecError(
                leaf.mark,
                "axis '\(axis.name)' replaces \(leaf.path), in which axis '\(earlier.name)' sets \(inner.path)",
                notes: ["write '\(axis.name)' before '\(earlier.name)'"])
        }
    }

    /// The keys of a path below another that contains it; nil where it does not. A `*` is any key.
    private static func rest(of path: String, within outer: String) -> Int? {
        let keys = path.split(separator: "."), begin = outer.split(separator: ".")
        let lies = keys.count >= begin.count && zip(keys, begin).allSatisfy { $0 == $1 || $0 == "*" || $1 == "*" }
        return lies ? keys.count - begin.count : nil
    }

    /// Refuses a setting of the command line that an axis would override.
    private func checkSetting(_ path: String, _ axis: SweepAxis) throws(SpecError) {
        var node: SpecTree? = base
        for key in path.split(separator: ".") {
            node = key == "*" ? node?.mapping?.entries.first?.value : node?[String(key)]
        }
        guard let mark = node?.mark, case .setting = mark else { return }
        throw SpecError(
            mark, "axis '\(axis.name)' sets \(path) too",
            notes: ["the axis is at \(axis.mark); set axes.\(axis.name) instead"])
    }
}

extension SpecTree {
    fileprivate func changed(by change: SweepAxis.Change) throws(SpecError) -> SpecTree {
        switch change {
        case .patch(let patch): return try patched(with: patch)
        case .settings(let settings):
            var tree = self
            for setting in settings { tree = try tree.setting(setting.path, to: setting.value, mark: setting.mark) }
            return tree
        }
    }
}

/// Every choice of one element of each column, the last column varying fastest; one empty choice of no columns.
private func product<Element>(_ columns: [[Element]]) -> [[Element]] {
    columns.reduce([[]]) { rows, column in rows.flatMap { row in column.map { row + [$0] } } }
}
