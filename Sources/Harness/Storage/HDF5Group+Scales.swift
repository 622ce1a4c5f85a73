internal import CHDF5

extension HDF5Group {
    /// Writes the new dataset `name` of one axis and makes it the dimension scale of that name.
    ///
    /// Datasets of this group and of the groups below name it in their `dimensions`, on 4000 axes at most. Throws
    /// `HDF5Error` where the name is taken or the group has datasets without scales.
    @discardableResult
    package func writeScale<Element: HDF5Element>(_ name: String, _ values: [Element]) throws -> HDF5Dataset {
        try addScale(name, count: values.count) { try store(name, values, shape: [values.count]) }
    }

    /// Writes a dimension scale of names: arms, metrics.
    ///
    /// Throws as the scale of numbers does, and where a string contains NUL.
    @discardableResult
    package func writeScale(_ name: String, _ strings: [String]) throws -> HDF5Dataset {
        try addScale(name, count: strings.count) { try store(name, strings, shape: [strings.count]) }
    }

    /// Writes the dimension scale 0, 1, ..., `count` - 1, for an axis without coordinates of its own: samples, pixels.
    @discardableResult
    package func writeScale(_ name: String, count: Int) throws -> HDF5Dataset {
        try writeScale(name, (0..<count).map { Int64($0) })
    }

    private func addScale(_ name: String, count: Int, _ store: () throws -> HDF5Dataset) throws -> HDF5Dataset {
        let operation = "write the scale '\(place.appending(name).name)'"
        guard axes != .unlabelled else {
            throw place.error(operation, "datasets of this group have axes without scales")
        }
        let dataset = try store()
        try HDF5Library.locked { _ = try place.check(H5DSset_scale(dataset.id, name), operation) }
        axes = .labelled
        scales.append(Scale(name: name, dataset: dataset, count: count))
        return dataset
    }

    /// The scale of each axis of the dataset `name`, or none where this group's axes have none.
    func findScales(_ dimensions: [String], shape: [Int], of name: String) throws -> [Scale] {
        guard !(shape.isEmpty && dimensions.isEmpty) else { return [] }
        let operation = "write '\(place.appending(name).name)'"
        let wanted: Axes = dimensions.isEmpty ? .unlabelled : .labelled
        guard axes == .undecided || axes == wanted else {
            throw place.error(
                operation,
                wanted == .unlabelled
                    ? "its axes have no scales, but those of this group's other datasets have"
                    : "its axes have scales, but those of this group's other datasets have none")
        }
        guard dimensions.isEmpty || dimensions.count == shape.count else {
            throw place.error(operation, "the shape \(shape) has \(shape.count) axes, the dimensions are \(dimensions)")
        }
        let scales = try zip(dimensions, shape).map { dimension, count in
            let scale = try nearestScale(dimension, operation)
            guard scale.count == count else {
                throw place.error(
                    operation, "the axis '\(dimension)' has \(count) values, its scale has \(scale.count)")
            }
            return scale
        }
        axes = wanted
        return scales
    }

    private func nearestScale(_ name: String, _ operation: String) throws -> Scale {
        var known: [String] = []
        var group: HDF5Group? = self
        while let here = group {
            if let scale = here.scales.first(where: { $0.name == name }) { return scale }
            known += here.scales.map(\.name).sorted()
            group = here.parent
        }
        let found = known.isEmpty ? "there are none" : "there are " + known.map { "'\($0)'" }.joined(separator: ", ")
        throw place.error(operation, "no scale '\(name)' in this group or above it; \(found)")
    }
}
