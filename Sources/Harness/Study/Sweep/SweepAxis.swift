import Specification

/// One axis of a study: a name and its values, each a change of the base.
///
/// It can be written in four ways:
/// ```yaml
/// objective:                                   # arms: a name for each patch of the base
///   prediction: {student: {method: {freeflow: {secondTerm: ~}}}}
///   combined: {}
/// strength: {path: data.augmentation.strength, values: [0, 0.5, 1]}    # or paths: [a.b, c.d], all set alike; a.*.c: any one key
/// size: {zip: {student.width: [64, 128], student.steps: [1000, 2000]}} # linked: the first of each, the second of each
/// seed: [0, 1]                                 # the axis is named as the path it sets
/// ```
/// The second and the third may have a condition, `when: {objective: combined}`, on axes written before (a value or a list of
/// them for each): where it does not hold the axis has no value, and the point's name leaves it out. The first has one beside its
/// arms: `kind: {arms: {shift: …, flip: …}, when: …}`.
struct SweepAxis: Sendable {
    /// The change that one value of an axis makes to the base.
    enum Change: Sendable {
        case patch(SpecTree)
        case settings([Setting])
    }

    struct Setting: Sendable {
        let path: String
        let value: SpecTree
        let mark: SpecMark
    }

    struct Value: Sendable {
        let label: String
        let number: Double?
        let change: Change

        /// The value of an axis whose condition does not hold: no change, and no label.
        static let absent = Value(label: "", number: nil, change: .settings([]))
        var isAbsent: Bool { label.isEmpty }
    }

    let name: String
    let mark: SpecMark
    private(set) var values: [Value] = []
    /// The paths that a scalar sets; empty for arms and linked settings, whose values are listed in full.
    private(set) var openPaths: [String] = []
    /// Every path that some value of the axis sets, with its place.
    private(set) var leaves: [(path: String, mark: SpecMark)] = []

    /// What must hold for the axis to have a value.
    private(set) var condition: [Condition] = []

    /// Values of an axis written before, of which a point must have one. Numbers are compared as numbers: 0.001 is 1e-3.
    struct Condition: Sendable {
        let axis: String
        fileprivate(set) var values: [(text: String, number: Double?)]
        let mark: SpecMark

        func isMet(by value: Value) -> Bool { values.contains { Self.is($0, value) } }

        /// The first of the values that the axis does not have.
        func unknown(among known: [Value]) -> String? {
            values.first { wanted in !known.contains { Self.is(wanted, $0) } }?.text
        }

        private static func `is`(_ wanted: (text: String, number: Double?), _ value: Value) -> Bool {
            wanted.text == value.label || (wanted.number != nil && wanted.number == value.number)
        }
    }

    /// The keys that make a mapping a list of values, and not arms.
    static let keywords = ["path", "paths", "values", "zip", "when"]

    init(_ entry: SpecMapping.Entry) throws(SpecError) {
        name = entry.key
        mark = entry.mark
        try checkWord(name, "an axis name", mark)
        let trail = "axes.\(name)"
        switch entry.value.content {
        case .sequence(let elements): try readValues(elements, paths: [name], trail)
        case .mapping(let mapping) where mapping.keys.contains("zip"):
            try checkKeys(mapping, ["zip", "when"], trail)
            try readCondition(mapping["when"]?.value, trail)
            try readLinked(entry.value["zip"]!, "\(trail).zip")
        case .mapping(let mapping) where mapping["arms"]?.value.mapping != nil && mapping.keys.contains("when"):
            try checkKeys(mapping, ["arms", "when"], trail)
            try readCondition(mapping["when"]?.value, trail)
            if let arms = entry.value["arms"]?.mapping { try readArms(arms, "\(trail).arms") }
        case .mapping(let mapping) where mapping.keys.contains(where: Self.keywords.contains):
            try checkKeys(mapping, ["path", "paths", "values", "when"], trail)
            try readCondition(mapping["when"]?.value, trail)
            let listed = StrictDecoder()
            let single = try mapping["path"].map { entry throws(SpecError) in
                [try listed.decode(String.self, from: entry.value, at: "\(trail).path")]
            }
            let several = try mapping["paths"].map { entry throws(SpecError) in
                try listed.decode([String].self, from: entry.value, at: "\(trail).paths")
            }
            guard let paths = single ?? several, single == nil || several == nil, !paths.isEmpty else {
                throw SpecError(mark, "axis '\(name)' needs a path", allowed: "either path or paths, beside values")
            }
            guard let values = mapping["values"]?.value else {
                throw SpecError(mark, "missing key 'values' in \(trail)")
            }
            guard let elements = values.sequence else { throw wrong(values, "\(trail).values", allowed: "a sequence") }
            try readValues(elements, paths: paths, trail)
        case .mapping(let mapping): try readArms(mapping, trail)
        default: throw wrong(entry.value, trail, allowed: "a sequence of values, named arms, path and values, or zip")
        }
        if values.isEmpty { throw SpecError(entry.value.mark, "axis '\(name)' has no values") }
    }

    /// The value that a cell of `include` or `exclude` names, or nil.
    func value(matching cell: SpecTree) -> Value? {
        guard let label = Self.label(cell) else { return nil }
        return values.first { $0.label == label.text || ($0.number != nil && $0.number == label.number) }
    }

    /// The value that sets a new scalar, for an axis over paths.
    func value(setting cell: SpecTree) throws(SpecError) -> Value {
        guard let label = Self.label(cell) else {
            throw wrong(cell, "a value of axis '\(name)'", allowed: "a scalar, or a named arm")
        }
        try checkWord(label.text, "a value of axis '\(name)'", cell.mark)
        let settings = openPaths.map { Setting(path: $0, value: cell, mark: cell.mark) }
        return Value(label: label.text, number: label.number, change: .settings(settings))
    }

    // MARK: Reading

    private mutating func readValues(_ elements: [SpecTree], paths: [String], _ trail: String) throws(SpecError) {
        openPaths = paths
        for element in elements { try add(value(setting: element), element.mark) }
        leaves = paths.map { ($0, mark) }
    }

    private mutating func readCondition(_ tree: SpecTree?, _ trail: String) throws(SpecError) {
        guard let tree else { return }
        guard let cells = tree.mapping?.entries, !cells.isEmpty else {
            throw wrong(tree, "\(trail).when", allowed: "axis names with a value or a list of values each")
        }
        condition = try cells.map { cell throws(SpecError) in
            let labels = try (cell.value.sequence ?? [cell.value]).map { value throws(SpecError) in
                guard let label = Self.label(value) else {
                    throw wrong(value, "\(trail).when.\(cell.key)", allowed: "a scalar")
                }
                return label
            }
            return Condition(axis: cell.key, values: labels, mark: cell.mark)
        }
    }

    private mutating func readArms(_ arms: SpecMapping, _ trail: String) throws(SpecError) {
        for arm in arms.entries {
            try checkWord(arm.key, "an arm of axis '\(name)'", arm.mark)
            guard let patch = arm.value.mapping else {
                throw wrong(
                    arm.value, "\(trail).\(arm.key)", allowed: "a mapping, the patch of base which makes this arm")
            }
            // Arms that are named by numbers have an order along their axis.
            let number = Double(arm.key).flatMap { $0.isFinite ? $0 : nil }
            try add(Value(label: arm.key, number: number, change: .patch(arm.value)), arm.mark)
            for leaf in patch.leaves where !leaves.contains(where: { $0.path == leaf.path }) { leaves.append(leaf) }
        }
    }

    private mutating func readLinked(_ table: SpecTree, _ trail: String) throws(SpecError) {
        guard let rows = table.mapping?.entries, let first = rows.first else {
            throw wrong(table, trail, allowed: "key paths, each with a sequence of values")
        }
        var columns: [[SpecTree]] = []
        for row in rows {
            guard let cells = row.value.sequence else {
                throw wrong(row.value, "\(trail).\(row.key)", allowed: "a sequence")
            }
            columns.append(cells)
            guard cells.count == columns[0].count else {
                throw SpecError(
                    row.value.mark, "linked values of axis '\(name)' differ in number",
                    found: "\(columns[0].count) for \(first.key), \(cells.count) for \(row.key)")
            }
        }
        for index in columns[0].indices {
            var labels: [String] = []
            for column in columns {
                guard let label = Self.label(column[index]) else {
                    throw wrong(column[index], "a value of axis '\(name)'", allowed: "a scalar")
                }
                try checkWord(label.text, "a value of axis '\(name)'", column[index].mark)
                labels.append(label.text)
            }
            let settings = zip(rows, columns).map { Setting(path: $0.key, value: $1[index], mark: $0.mark) }
            let number = columns.count == 1 ? Self.label(columns[0][index])?.number : nil
            let value = Value(label: labels.joined(separator: "+"), number: number, change: .settings(settings))
            try add(value, columns[0][index].mark)
        }
        leaves = rows.map { ($0.key, $0.mark) }
    }

    private mutating func add(_ value: Value, _ mark: SpecMark) throws(SpecError) {
        let same = values.first { $0.label == value.label || ($0.number != nil && $0.number == value.number) }
        if let same {
            throw SpecError(
                mark, "axis '\(name)' has the same value twice",
                found: same.label == value.label ? value.label : "\(same.label) and \(value.label)")
        }
        values.append(value)
    }

    /// The text of a scalar in a point's name, `none` for `~`, with its number if it is one.
    private static func label(_ cell: SpecTree) -> (text: String, number: Double?)? {
        switch cell.content {
        case .null: return ("none", nil)
        case .scalar(let scalar):
            guard case .number(let number) = scalar.floating(Double.self, nonFinite: .refused) else {
                return (scalar.text, nil)
            }
            return (scalar.text, number)
        case .mapping, .sequence: return nil
        }
    }
}

extension SpecMapping {
    /// The paths a patch sets.
    fileprivate var leaves: [(path: String, mark: SpecMark)] {
        entries.flatMap { entry -> [(path: String, mark: SpecMark)] in
            guard let inner = entry.value.mapping, !inner.entries.isEmpty, entry.value.merging == .byKey,
                !entry.isDotted
            else { return [(entry.key, entry.mark)] }
            return inner.leaves.map { ("\(entry.key).\($0.path)", $0.mark) }
        }
    }
}

/// Whether a text is of letters that could be part of any folder's name.
func isWord(_ word: String) -> Bool {
    !word.isEmpty
        && word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
}

/// Refuses a name which could not be part of a folder's name.
func checkWord(_ word: String, _ kind: String, _ mark: SpecMark) throws(SpecError) {
    if !isWord(word) {
        throw SpecError(mark, "not usable as \(kind)", found: "'\(word)'", allowed: "letters, digits and . _ + -")
    }
}

/// Refuses keys other than the allowed ones, all at once.
func checkKeys(_ mapping: SpecMapping, _ allowed: [String], _ place: String) throws(SpecError) {
    let issues = mapping.entries.filter { !allowed.contains($0.key) }.map { entry in
        SpecIssue(
            entry.mark, "unknown key '\(entry.key)' in \(place)", allowed: allowed.joined(separator: ", "),
            nearest: nearestName(to: entry.key, among: allowed))
    }
    if !issues.isEmpty { throw SpecError(issues) }
}

private func wrong(_ tree: SpecTree, _ place: String, allowed: String) -> SpecError {
    SpecError(tree.mark, "wrong value for \(place)", found: tree.summary, allowed: allowed)
}
