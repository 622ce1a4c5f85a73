extension StoredArray {
    /// A dataset of an HDF5 file, all of whose numbers exist: none of its parts is missing, and every chunk was
    /// written.
    /// - Throws: `HDF5Error`, and `ArrayError` for missing parts and for a dataset that is not an array of numbers.
    package init(hdf5 path: String, name: String) throws {
        self = try HDF5File.read(path) { root in
            let dataset = try root.dataset(name)
            let element: ArrayElement? =
                switch dataset.stored {
                case .float(bytes: 2): .float16
                case .float(bytes: 4): .float32
                case .float(bytes: 8): .float64
                case .signed(bytes: 1): .int8
                case .signed(bytes: 2): .int16
                case .signed(bytes: 4): .int32
                case .signed(bytes: 8): .int64
                case .unsigned(bytes: 1): .uint8
                case .unsigned(bytes: 2): .uint16
                case .unsigned(bytes: 4): .uint32
                case .unsigned(bytes: 8): .uint64
                case .boolean: .bool
                case .float, .signed, .unsigned, .string, .other: nil
                }
            guard let element else {
                throw ArrayError("'\(name)' of \(dataset.stored)", allowed: "numbers")
            }
            let isSelfContained = try dataset.isSelfContained(in: root)
            try dataset.checkWritten()
            return StoredArray(
                name: name, element: element, shape: dataset.shape, isSelfContained: isSelfContained,
                source: HDF5Rows(path: path, name: name))
        }
    }
}

/// Rows of a dataset, for which the file is opened anew each time.
private struct HDF5Rows: RowSource {
    let path, name: String

    func floats(_ rows: Range<Int>, rowSize: Int) throws -> [Float] {
        try HDF5File.read(path) { try $0.dataset(name).rows(rows, as: Float.self) }
    }

    func doubles(_ rows: Range<Int>, rowSize: Int) throws -> [Double] {
        try HDF5File.read(path) { try $0.dataset(name).rows(rows, as: Double.self) }
    }
}
