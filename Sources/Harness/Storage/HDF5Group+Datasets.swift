internal import CHDF5

extension HDF5Group {
    /// Writes the new dataset `name` with `values` in row-major order.
    ///
    /// - Parameters:
    ///   - shape: one count per axis, whose product is the count of values; empty for a scalar.
    ///   - dimensions: one name per axis, of a scale of this group or of a group above, the nearest of that
    ///     name; or empty in a group without scales.
    ///
    /// The data are cut in chunks, shuffled, compressed (gzip 4) and checksummed (Fletcher 32), but for those of at most
    /// 2 KiB, which stand in the dataset's header. Throws `HDF5Error` where the name is taken, or a dimension is missing or
    /// has another count.
    @discardableResult
    package func write<Element: HDF5Element>(
        _ name: String, _ values: [Element], shape: [Int], dimensions: [String] = []
    ) throws -> HDF5Dataset {
        let scales = try findScales(dimensions, shape: shape, of: name)
        return try attach(scales, to: store(name, values, shape: shape))
    }

    /// Writes the new dataset `name` with `strings`, as UTF-8 of variable length, in row-major order.
    ///
    /// The shape and the dimensions are those of the other `write`; `shape: []` is one text of any length. Strings are
    /// not compressed. Throws `HDF5Error` as the other `write`, and where a string contains NUL.
    @discardableResult
    package func write(
        _ name: String, _ strings: [String], shape: [Int], dimensions: [String] = []
    ) throws -> HDF5Dataset {
        let scales = try findScales(dimensions, shape: shape, of: name)
        return try attach(scales, to: store(name, strings, shape: shape))
    }

    private func attach(_ scales: [Scale], to dataset: HDF5Dataset) throws -> HDF5Dataset {
        try HDF5Library.locked {
            for (axis, scale) in scales.enumerated() {
                let operation = "attach the scale '\(scale.dataset.place.name)' to '\(dataset.place.name)'"
                guard scale.userCount < Scale.mostUsers else {
                    throw place.error(
                        operation, "it is attached to \(scale.userCount) axes already; write it again in a group below")
                }
                try place.check(H5DSattach_scale(dataset.id, scale.dataset.id, UInt32(axis)), operation)
                scale.userCount += 1
            }
        }
        return dataset
    }

    /// Creates the dataset `name` of numbers, without checking scales.
    func store<Element: HDF5Element>(_ name: String, _ values: [Element], shape: [Int]) throws -> HDF5Dataset {
        let native = Element.hdf5Number.native
        let layout = HDF5Layout(of: shape, bytesPerValue: MemoryLayout<Element>.stride, isCompressed: true)
        requireFilled(name, count: values.count, shape: shape)
        return try HDF5Library.locked {
            try makeDataset(name, type: Element.hdf5Number.stored, shape: shape, layout) { id, operation in
                // An empty array has no address, and HDF5 requires one.
                guard !values.isEmpty else { return }
                try place.check(
                    H5Dwrite(id, native, chdf5_all(), chdf5_all(), chdf5_default_list(), values), operation)
            }
        }
    }

    /// Creates the dataset `name` of strings, without checking scales.
    func store(_ name: String, _ strings: [String], shape: [Int]) throws -> HDF5Dataset {
        requireFilled(name, count: strings.count, shape: shape)
        return try HDF5Library.locked {
            // A length and an address each; the characters are elsewhere.
            let layout = HDF5Layout(of: shape, bytesPerValue: 16, isCompressed: false)
            return try makeDataset(name, type: HDF5Lists.strings, shape: shape, layout) { id, operation in
                if let refusal = HDF5Strings.refusal(of: strings) { throw place.error(operation, refusal) }
                guard !strings.isEmpty else { return }
                try HDF5Strings.withPointers(strings) {
                    _ = try place.check(
                        H5Dwrite(id, HDF5Lists.strings, chdf5_all(), chdf5_all(), chdf5_default_list(), $0), operation)
                }
            }
        }
    }

    private func requireFilled(_ name: String, count: Int, shape: [Int]) {
        let name = place.appending(name).name
        precondition(shape.allSatisfy { $0 >= 0 }, "\(name): a negative count in the shape \(shape)")
        precondition(count == shape.reduce(1, *), "\(name): \(count) values do not fill the shape \(shape)")
    }

    private func makeDataset(
        _ name: String, type: hid_t, shape: [Int], _ layout: HDF5Layout, _ fill: (hid_t, String) throws -> Void
    ) throws -> HDF5Dataset {
        let place = place.appending(name)
        let operation = "write '\(place.name)'"
        try checkName(name, operation)
        let counts = shape.map { hsize_t($0) }
        // A shape without axes is a scalar: HDF5 takes a rank of 0 for one.
        let space = try place.check(H5Screate_simple(CInt(shape.count), counts, nil), operation)
        defer { H5Sclose(space) }
        let id = try place.check(
            layout.withList { H5Dcreate2(self.id, name, type, space, HDF5Lists.link, $0, chdf5_default_list()) },
            operation)
        let dataset = HDF5Dataset(id: id, place: place)
        try fill(id, operation)
        return dataset
    }
}
