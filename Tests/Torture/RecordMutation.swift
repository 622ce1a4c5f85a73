import Storage

/// One change of a record's file: the numbered one of all that are tried, in the order of the file.
package struct RecordMutation {
    /// What a crafted or damaged file may say in the place of a number.
    private static let numbers: [Double] = [1e300, -1, .nan, .infinity, 0.5, 9.3e18, 0]

    private let number: Int
    private var seen = 0
    package private(set) var isMade = false

    package init(number: Int) { self.number = number }

    /// Whether it is the turn of this change.
    private mutating func isNext() -> Bool {
        defer { seen += 1 }
        if seen == number { isMade = true }
        return seen == number
    }

    /// Copies a group with the one change.
    package mutating func copy(_ source: HDF5GroupReader, to target: HDF5Group) throws {
        for name in try source.attributeNames() {
            try target.setAttribute(name, mutated(try source.attribute(name)))
        }
        for name in try source.datasetNames() { try copy(try source.dataset(name), name, to: target) }
        for name in try source.groupNames() {
            if isNext() { continue }
            try copy(source.group(name), to: target.group(name))
        }
    }

    private mutating func mutated(_ attribute: HDF5Attribute) -> HDF5Attribute {
        for number in Self.numbers where isNext() { return .double(number) }
        for text in ["", "../../..", "/", "\u{1B}[2J"] where isNext() { return .string(text) }
        for list in [HDF5Attribute.strings([]), .strings(["x", "x"]), .integers([1]), .doubles([.nan])] where isNext() {
            return list
        }
        return attribute
    }

    private mutating func copy(_ source: HDF5DatasetReader, _ name: String, to target: HDF5Group) throws {
        if isNext() { return }
        if source.stored == .string {
            let strings = try source.strings()
            if isNext() { return _ = try target.write(name, [String](), shape: [0]) }
            if isNext() { return _ = try target.write(name, [Double.nan], shape: [1]) }
            _ = try target.write(name, strings.values, shape: strings.shape)
            return
        }
        switch source.stored {
        case .signed, .unsigned, .boolean:
            try copy(try source.values(as: Int64.self), name, to: target, edges: [-1, 0, .max, .min])
        case .float(bytes: 4):
            try copy(try source.values(as: Float.self), name, to: target, edges: [.nan, .infinity, -1, 3e38])
        default:
            try copy(try source.values(as: Double.self), name, to: target, edges: [.nan, .infinity, -1, 1e300])
        }
    }

    private mutating func copy<Element: HDF5Element>(
        _ array: HDF5Array<Element>, _ name: String, to target: HDF5Group, edges: [Element]
    ) throws {
        var (values, shape) = (array.values, array.shape)
        for edge in edges where isNext() { values = values.map { _ in edge } }
        if isNext() { (values, shape) = ([], [0]) }
        if isNext(), !values.isEmpty { (values, shape) = (Array(values.dropLast()), [values.count - 1]) }
        if isNext() { shape = [1] + shape }
        if isNext() { shape = [values.count] }
        if isNext() { (values, shape) = (values + values, [2 * values.count]) }
        _ = try target.write(name, values, shape: shape)
    }
}
