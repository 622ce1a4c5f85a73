internal import CHDF5

/// The largest attribute: HDF5 keeps attributes in the object's header, one message of less than 64 KiB each.
private let largestAttribute = 60_000

/// The attributes of datasets that HDF5's dimension scales use internally.
private let bookkeeping: Set = ["CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "DIMENSION_LABELS"]

// MARK: Writing

extension HDF5Object {
    func writeAttribute(_ name: String, _ value: HDF5Attribute) throws {
        let operation = "set the attribute '\(name)' of '\(place.name)'"
        guard !name.isEmpty, !name.utf8.contains(0) else {
            throw place.error(operation, "a name is not empty and has no NUL")
        }
        guard value.byteCount <= largestAttribute else {
            throw place.error(
                operation,
                "it takes \(value.byteCount) bytes, an attribute takes at most \(largestAttribute); write it as a dataset"
            )
        }
        try HDF5Library.locked {
            switch value {
            case .string(let string): try writeStrings(name, [string], shape: [], operation)
            case .strings(let strings): try writeStrings(name, strings, shape: [strings.count], operation)
            case .double(let value): try writeNumbers(name, [value], shape: [], operation)
            case .integer(let value): try writeNumbers(name, [value], shape: [], operation)
            case .floats(let values): try writeNumbers(name, values, shape: [values.count], operation)
            case .doubles(let values): try writeNumbers(name, values, shape: [values.count], operation)
            case .integers(let values): try writeNumbers(name, values, shape: [values.count], operation)
            case .boolean(let value): try writeBoolean(name, value, operation)
            }
        }
    }

    private func writeNumbers<Element: HDF5Element>(
        _ name: String, _ values: [Element], shape: [Int], _ operation: String
    ) throws {
        try addAttribute(name, type: Element.hdf5Number.stored, shape: shape, operation) { id in
            // An empty array has no address, and HDF5 requires one.
            values.isEmpty ? 0 : H5Awrite(id, Element.hdf5Number.native, values)
        }
    }

    private func writeStrings(_ name: String, _ strings: [String], shape: [Int], _ operation: String) throws {
        if let refusal = HDF5Strings.refusal(of: strings) { throw place.error(operation, refusal) }
        try addAttribute(name, type: HDF5Lists.strings, shape: shape, operation) { id in
            strings.isEmpty ? 0 : HDF5Strings.withPointers(strings) { H5Awrite(id, HDF5Lists.strings, $0) }
        }
    }

    private func writeBoolean(_ name: String, _ value: Bool, _ operation: String) throws {
        let type = try place.check(H5Tenum_create(chdf5_int8_le()), operation)
        defer { H5Tclose(type) }
        for (member, number) in [("FALSE", Int8(0)), ("TRUE", Int8(1))] {
            _ = try withUnsafePointer(to: number) { try place.check(H5Tenum_insert(type, member, $0), operation) }
        }
        try addAttribute(name, type: type, shape: [], operation) { id in
            withUnsafePointer(to: Int8(value ? 1 : 0)) { H5Awrite(id, type, $0) }
        }
    }

    private func addAttribute(
        _ name: String, type: hid_t, shape: [Int], _ operation: String, _ fill: (hid_t) -> herr_t
    ) throws {
        let space = try place.check(H5Screate_simple(CInt(shape.count), shape.map { hsize_t($0) }, nil), operation)
        defer { H5Sclose(space) }
        let attribute = try place.check(
            H5Acreate2(id, name, type, space, HDF5Lists.attribute, chdf5_default_list()), operation)
        defer { H5Aclose(attribute) }
        try place.check(fill(attribute), operation)
    }
}

// MARK: Reading

extension HDF5Object {
    /// The names of the attributes in alphabetical order, without those that belong to dimension scales.
    package func attributeNames() throws -> [String] {
        let operation = "list the attributes of '\(place.name)'"
        return try HDF5Library.locked {
            let count = try place.check(H5Aget_num_attrs(id), operation)
            let names = try (0..<Int(count)).map { index in
                try HDF5Names.read(at: place, operation) {
                    H5Aget_name_by_idx(
                        id, ".", H5_INDEX_NAME, H5_ITER_INC, hsize_t(index), $0, $1, chdf5_default_list())
                }
            }
            return names.filter { !bookkeeping.contains($0) }
        }
    }

    /// The value of the attribute `name`.
    ///
    /// A scalar of fewer bits comes back as `.double` or `.integer`. Throws `HDF5Error` where there is none, or where
    /// its type is none of those that `HDF5Attribute` lists.
    package func attribute(_ name: String) throws -> HDF5Attribute {
        let operation = "read the attribute '\(name)' of '\(place.name)'"
        return try HDF5Library.locked {
            guard try place.check(H5Aexists(id, name), operation) > 0 else {
                throw place.error(operation, "there is no attribute of that name")
            }
            let attribute = try place.check(H5Aopen(id, name, chdf5_default_list()), operation)
            defer { H5Aclose(attribute) }
            return try value(of: attribute, operation)
        }
    }

    private func value(of attribute: hid_t, _ operation: String) throws -> HDF5Attribute {
        let type = try place.check(H5Aget_type(attribute), operation)
        defer { H5Tclose(type) }
        let space = try place.check(H5Aget_space(attribute), operation)
        defer { H5Sclose(space) }
        let count = Int(try place.check(H5Sget_simple_extent_npoints(space), operation))
        let isScalar = H5Sget_simple_extent_ndims(space) == 0

        func numbers<Element: HDF5Element>(_ start: Element) throws -> [Element] {
            var values = [Element](repeating: start, count: count)
            guard count > 0 else { return [] }
            try place.check(H5Aread(attribute, Element.hdf5Number.native, &values), operation)
            return values
        }
        switch (HDF5StoredType(type), isScalar) {
        case (.float, true): return .double(try numbers(0.0)[0])
        case (.float(bytes: ...4), false): return .floats(try numbers(Float(0)))
        case (.float, false): return .doubles(try numbers(0.0))
        case (.signed, true), (.unsigned(bytes: ...4), true): return .integer(try numbers(0)[0])
        case (.signed, false), (.unsigned(bytes: ...4), false): return .integers(try numbers(0))
        case (.boolean, true):
            var value: Int8 = 0
            try place.check(H5Aread(attribute, type, &value), operation)
            return .boolean(value != 0)
        case (.string, _):
            let strings = try HDF5Strings.read(count: count, type: type, space: space, at: place, operation) {
                H5Aread(attribute, $0, $1)
            }
            return isScalar ? .string(strings[0]) : .strings(strings)
        case (let stored, _):
            throw place.error(operation, "it is \(stored), which no attribute here is")
        }
    }
}
