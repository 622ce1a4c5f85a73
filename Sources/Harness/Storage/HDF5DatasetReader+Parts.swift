internal import CHDF5
import Foundation

extension HDF5DatasetReader {
    /// Some of the rows, along the first axis, converted by HDF5 from whatever number they are stored as.
    func rows<Element: HDF5Element & FloatingPoint>(
        _ rows: Range<Int>, as type: Element.Type = Element.self
    ) throws -> [Element] {
        let operation = "read '\(place.name)'"
        let count = rows.count * shape.dropFirst().reduce(1, *)
        guard count > 0 else { return [] }
        return try HDF5Library.locked {
            let space = try place.check(H5Dget_space(id), operation)
            defer { H5Sclose(space) }
            var memory = chdf5_all()
            defer { if memory != chdf5_all() { H5Sclose(memory) } }
            if !shape.isEmpty {
                var start = [hsize_t](repeating: 0, count: shape.count), extent = shape.map { hsize_t($0) }
                start[0] = hsize_t(rows.lowerBound)
                extent[0] = hsize_t(rows.count)
                try place.check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nil, extent, nil), operation)
                memory = try place.check(H5Screate_simple(CInt(shape.count), extent, nil), operation)
            }
            return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                try place.check(
                    H5Dread(id, Element.hdf5Number.native, memory, space, chdf5_default_list(), buffer.baseAddress),
                    operation)
                initialized = count
            }
        }
    }

    /// All numbers are in the file itself: not in the sources of a virtual dataset, in files of raw numbers beside
    /// it, or in another file that a link leads to.
    func isSelfContained(in root: HDF5GroupReader) throws -> Bool {
        try withProperties { properties in
            let layout = try place.check(chdf5_layout(properties), "read the layout of '\(place.name)'")
            let files = try place.check(H5Pget_external_count(properties), "read the layout of '\(place.name)'")
            return layout != chdf5_virtual() && files == 0 && Self.fileName(id) == Self.fileName(root.id)
        }
    }

    private static func fileName(_ id: hid_t) -> String {
        var name = [CChar](repeating: 0, count: 4096)
        let length = H5Fget_name(id, &name, name.count)
        return length > 0 ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
    }

    private func withProperties<Result>(_ body: (hid_t) throws -> Result) throws -> Result {
        try HDF5Library.locked {
            let properties = try place.check(H5Dget_create_plist(id), "read the layout of '\(place.name)'")
            defer { H5Pclose(properties) }
            return try body(properties)
        }
    }

    /// Refuses a dataset for which HDF5 would return numbers that were never written: a source of a virtual dataset
    /// or a raw file that is missing or too short, and unwritten chunks.
    /// - Parameter depth: the number of virtual datasets on the way.
    /// - Throws: `ArrayError`, `HDF5Error`.
    func checkWritten(depth: Int = 0) throws {
        guard depth < 8 else { throw refusal("virtual datasets that lead to each other", "sources that are files") }
        try withProperties { properties in
            let layout = chdf5_layout(properties)
            if layout == chdf5_virtual() {
                try checkSources(properties, depth)
            } else if H5Pget_external_count(properties) > 0 {
                try checkRawFiles(properties)
            } else if layout == chdf5_chunked() {
                try checkChunks(properties)
            } else if layout == chdf5_contiguous(), shape.reduce(1, *) > 0 {
                guard H5Dget_storage_size(id) > 0, chdf5_is_allocated(id) == 1 else {
                    throw refusal("no numbers that were ever written", "a dataset that was written")
                }
            }
        }
    }

    private func refusal(_ found: String, _ allowed: String) -> ArrayError {
        ArrayError("\(found) in '\(place.name.dropFirst())'", allowed: allowed)
    }

    private func checkChunks(_ properties: hid_t) throws {
        var extents = [hsize_t](repeating: 0, count: max(1, shape.count))
        try place.check(H5Pget_chunk(properties, CInt(extents.count), &extents), "read the chunks of '\(place.name)'")
        let wanted = zip(shape, extents).reduce(1) { $0 * (($1.0 + Int($1.1) - 1) / max(1, Int($1.1))) }
        var count: hsize_t = 0
        try place.check(chdf5_chunk_count(id, &count), "count the chunks of '\(place.name)'")
        guard count >= hsize_t(wanted) else {
            throw refusal("\(count) of \(wanted) chunks written", "all of them")
        }
    }

    private func checkRawFiles(_ properties: hid_t) throws {
        for index in 0..<H5Pget_external_count(properties) {
            var name = [CChar](repeating: 0, count: 4096), offset: off_t = 0, size: hsize_t = 0
            try place.check(
                H5Pget_external(properties, UInt32(index), name.count, &name, &offset, &size),
                "read the raw files of '\(place.name)'")
            let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw refusal("the raw file '\(path)' missing", "every file that it points to")
            }
            // The last may be unlimited; it then ends with the dataset.
            let bytes = shape.reduce(H5Tget_size(try nativeType()), *)
            let needed = UInt64(offset) + min(UInt64(size), UInt64(bytes))
            guard UInt64(status.st_size) >= needed else {
                throw refusal("\(status.st_size) bytes in the raw file '\(path)'", "\(needed)")
            }
        }
    }

    private func nativeType() throws -> hid_t {
        // Closed with the file, which is closed whole.
        try place.check(H5Dget_type(id), "read the type of '\(place.name)'")
    }

    private func checkSources(_ properties: hid_t, _ depth: Int) throws {
        let operation = "read the sources of '\(place.name)'"
        var count = 0, covered = 0
        try place.check(H5Pget_virtual_count(properties, &count), operation)
        for index in 0..<count {
            let file = try HDF5Names.read(at: place, operation) {
                Int(H5Pget_virtual_filename(properties, index, $0, $1))
            }
            let name = try HDF5Names.read(at: place, operation) {
                Int(H5Pget_virtual_dsetname(properties, index, $0, $1))
            }
            let target = try place.check(H5Pget_virtual_vspace(properties, index), operation)
            defer { H5Sclose(target) }
            let points = Int(H5Sget_select_npoints(target))
            guard points >= 0 else { throw refusal("sources without an end", "a virtual dataset of fixed parts") }
            covered += points
            let selection = try place.check(H5Pget_virtual_srcspace(properties, index), operation)
            defer { H5Sclose(selection) }
            try checkSource(file, name, selection, points: points, depth)
        }
        guard covered == shape.reduce(1, *) else {
            throw refusal("sources of \(covered) numbers", "of all \(shape.reduce(1, *)), each from one source")
        }
    }

    /// - Parameters:
    ///   - selection: the part of the source that is read.
    ///   - points: the number of its elements.
    private func checkSource(_ file: String, _ name: String, _ selection: hid_t, points: Int, _ depth: Int) throws {
        let folder = (place.path as NSString).deletingLastPathComponent
        let places =
            file == "." ? [place.path] : file.hasPrefix("/") || folder.isEmpty ? [file] : ["\(folder)/\(file)", file]
        guard let path = places.first(where: { access($0, R_OK) == 0 }) else {
            throw refusal("the source '\(file)' missing", "every file that it points to")
        }
        try HDF5File.read(path) { root in
            let source = try root.dataset(name)
            let rank = source.shape.count
            let isLarge: Bool
            if chdf5_selects_all(selection) == 1 {
                // What is selected is the source as it was; its extent is not kept.
                isLarge = source.shape.reduce(1, *) == points
            } else {
                var first = [hsize_t](repeating: 0, count: max(1, rank)), last = first
                isLarge =
                    H5Sget_simple_extent_ndims(selection) == CInt(rank)
                    && H5Sget_select_bounds(selection, &first, &last) >= 0
                    && zip(last, source.shape).allSatisfy { Int($0) < $1 }
            }
            guard isLarge else {
                throw refusal("a source '\(file)' of shape \(source.shape)", "one as large as it is pointed to")
            }
            try source.checkWritten(depth: depth + 1)
        }
    }
}
