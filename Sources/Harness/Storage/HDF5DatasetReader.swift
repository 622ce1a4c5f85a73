internal import CHDF5

/// A dataset of a file that is being read.
package final class HDF5DatasetReader: HDF5Object {
    /// One count per axis; empty for a scalar.
    package let shape: [Int]
    /// The stored type of the values.
    package let stored: HDF5StoredType

    init(id: Int64, at place: HDF5Place) throws {
        let operation = "open the dataset '\(place.name)'"
        (shape, stored) = try HDF5Library.locked {
            do {
                return (try Self.shape(of: id, at: place, operation), try Self.storedType(of: id, at: place, operation))
            } catch {
                H5Oclose(id)
                throw error
            }
        }
        super.init(id: id, place: place)
    }

    /// The numbers in row-major order.
    ///
    /// The stored type may be narrower than `Element`, never wider: no value is changed by being read. Throws
    /// `HDF5Error` where it is wider or another kind, or where the file is damaged.
    package func values<Element: HDF5Element>(as type: Element.Type = Element.self) throws -> HDF5Array<Element> {
        let operation = "read '\(place.name)'"
        let number = Element.hdf5Number
        guard stored.widens(to: number) else {
            throw place.error(operation, "it is \(stored), which cannot be read as \(number.rawValue) without change")
        }
        let count = try count(of: MemoryLayout<Element>.stride, operation)
        guard count > 0 else { return HDF5Array(values: [], shape: shape) }
        let values = try HDF5Library.locked {
            try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                try place.check(
                    H5Dread(id, number.native, chdf5_all(), chdf5_all(), chdf5_default_list(), buffer.baseAddress!),
                    operation)
                initialized = count
            }
        }
        return HDF5Array(values: values, shape: shape)
    }

    /// How many values there are, before memory is taken for them: a file of some bytes may tell of any number.
    private func count(of size: Int, _ operation: String) throws -> Int {
        // In floating point, which does not overflow.
        let bytes = shape.reduce(Double(size)) { $0 * Double($1) }
        guard bytes <= Double(RegularFile.mostBytes) else {
            throw place.error(
                operation, "its \(RegularFile.text(bytes: bytes)) are more than the memory of this machine")
        }
        return shape.reduce(1, *)
    }

    /// The strings in row-major order.
    ///
    /// Throws `HDF5Error` where the dataset is not of strings, a string is not UTF-8, or the file is damaged.
    package func strings() throws -> HDF5Array<String> {
        let operation = "read '\(place.name)'"
        guard stored == .string else { throw place.error(operation, "it is \(stored), not string") }
        return try HDF5Library.locked {
            let type = try place.check(H5Dget_type(id), operation)
            defer { H5Tclose(type) }
            let space = try place.check(H5Dget_space(id), operation)
            defer { H5Sclose(space) }
            let strings = try HDF5Strings.read(
                count: try count(of: MemoryLayout<UnsafeRawPointer>.stride, operation), type: type, space: space,
                at: place, operation
            ) {
                H5Dread(id, $0, chdf5_all(), chdf5_all(), chdf5_default_list(), $1)
            }
            return HDF5Array(values: strings, shape: shape)
        }
    }

    /// The name of each axis's scale, or nothing where the axes have none.
    package func dimensions() throws -> [String] {
        let operation = "read the scales of '\(place.name)'"
        return try HDF5Library.locked {
            try shape.indices.compactMap { axis in
                var name = [CChar](repeating: 0, count: 256)
                let count = try place.check(chdf5_scale_name(id, UInt32(axis), &name, name.count), operation)
                guard count > 0 else { return nil }
                return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
        }
    }

    private static func shape(of id: hid_t, at place: HDF5Place, _ operation: String) throws -> [Int] {
        let space = try place.check(H5Dget_space(id), operation)
        defer { H5Sclose(space) }
        let rank = Int(try place.check(H5Sget_simple_extent_ndims(space), operation))
        var counts = [hsize_t](repeating: 0, count: rank)
        try place.check(H5Sget_simple_extent_dims(space, &counts, nil), operation)
        return counts.map { Int(clamping: $0) }
    }

    private static func storedType(of id: hid_t, at place: HDF5Place, _ operation: String) throws -> HDF5StoredType {
        let type = try place.check(H5Dget_type(id), operation)
        defer { H5Tclose(type) }
        return HDF5StoredType(type)
    }
}
