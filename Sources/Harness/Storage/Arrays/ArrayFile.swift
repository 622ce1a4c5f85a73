import Foundation

/// A file of arrays from another program: NumPy's `.npy` and `.npz`, safetensors, or HDF5, recognised by its first
/// bytes.
package struct ArrayFile {
    /// The names of its arrays; of HDF5 those in its root, although others may be named by their paths.
    package let names: [String]
    private let open: (String) throws -> StoredArray

    /// Opens a file; numbers are read on request.
    /// - Throws: `ArrayError` for another format or a damaged file, `InputError` where it cannot be read.
    package init(_ path: String) throws {
        let bytes = try Self.mapped(path)
        if bytes.starts(with: NumPyArray.magic) {
            let array = try NumPyArray.read(bytes)
            (names, open) = ([""], { _ in array })
        } else if bytes.starts(with: ZipArchive.magic) {
            (names, open) = try Self.archive(bytes, path)
        } else if bytes.starts(with: Self.hdf5Magic) {
            names = try HDF5File.read(path) { try $0.datasetNames() }
            open = { try StoredArray(hdf5: path, name: $0) }
        } else if Self.isSafetensors(bytes) {
            let file = try Safetensors(path)
            (names, open) = (file.names, { try file.array($0) })
        } else {
            throw ForeignFormat.refusal(bytes, path)
        }
    }

    /// The array of a name, or the only one.
    /// - Throws: `ArrayError` where there is none of the name, or where several are there and none is named.
    package func array(_ name: String?) throws -> StoredArray {
        let list = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        guard let name else {
            guard names.count == 1, let only = names.first else {
                throw ArrayError(
                    names.isEmpty ? "no array" : "\(names.count) arrays", allowed: "one of them by name: \(list)")
            }
            return try open(only)
        }
        // Of a file of one array any name is beside the point.
        guard names != [""] else {
            throw ArrayError("the name '\(name)'", allowed: "none, as a .npy file has one array without a name")
        }
        guard names.contains(name) || name.contains("/") else {
            throw ArrayError("no array '\(name)'", allowed: names.isEmpty ? "a file of arrays" : list)
        }
        return try open(name)
    }

    private static let hdf5Magic: [UInt8] = [0x89, 0x48, 0x44, 0x46]

    /// The file is HDF5, whose arrays may lie in other files.
    package static func isHDF5(_ path: String) -> Bool {
        guard RegularFile.fault(of: path, isReadWhole: false) == nil, let file = fopen(path, "rb") else { return false }
        defer { fclose(file) }
        var start = [UInt8](repeating: 0, count: hdf5Magic.count)
        return fread(&start, 1, start.count, file) == start.count && start == hdf5Magic
    }

    private static func mapped(_ path: String) throws -> Data {
        if let fault = RegularFile.fault(of: path, isReadWhole: false) {
            throw InputError(path: path, attempt: "read the data", reason: fault)
        }
        do { return try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
            throw InputError(path: path, attempt: "read the data", reason: systemText(of: error))
        }
    }

    private static func archive(
        _ bytes: Data, _ path: String
    ) throws -> (names: [String], open: (String) throws -> StoredArray) {
        let archive = try ZipArchive(bytes)
        guard !archive.entries.contains(where: { $0.name.hasSuffix("/data.pkl") || $0.name == "data.pkl" }) else {
            throw ForeignFormat.torch(path)
        }
        let arrays = archive.entries.filter { $0.name.hasSuffix(".npy") }
        guard !arrays.isEmpty else {
            throw ArrayError("a zip archive without arrays", allowed: "one that numpy.savez wrote")
        }
        let named = Dictionary(arrays.map { (String($0.name.dropLast(4)), $0) }) { first, _ in first }
        return (
            arrays.map { String($0.name.dropLast(4)) },
            { name in
                guard let entry = named[name] else {
                    throw ArrayError("no array '\(name)'", allowed: "a name of the file")
                }
                let contents = try archive.contents(of: entry)
                guard contents.starts(with: NumPyArray.magic) else {
                    throw ArrayError("'\(name)' in another format than NumPy's", allowed: "numpy.savez")
                }
                return try NumPyArray.read(contents, name: name)
            }
        )
    }

    /// A header's length that fits, and a brace behind it.
    private static func isSafetensors(_ bytes: Data) -> Bool {
        guard bytes.count > 9 else { return false }
        let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[bytes.startIndex + $1]) << (8 * $1) }
        return length <= UInt64(SafetensorsHeader.largestLength) && bytes[bytes.startIndex + 8] == UInt8(ascii: "{")
    }
}

/// Formats that are not read, with what makes one of them that is.
package enum ForeignFormat {
    /// Names the format of a file by its first bytes and its name.
    static func refusal(_ bytes: Data, _ path: String) -> ArrayError {
        let suffix = (path as NSString).pathExtension.lowercased()
        if ["pt", "pth", "ckpt", "bin"].contains(suffix), bytes.first == 0x80 { return torch(path) }
        if bytes.first == 0x80 { return pickle(path) }
        if bytes.starts(with: Array("PAR1".utf8)) { return parquet(path) }
        return ArrayError(
            bytes.isEmpty ? "an empty file" : "none of the formats that are read",
            allowed: "NumPy's .npy or .npz, safetensors, or HDF5")
    }

    private static func stem(_ path: String) -> String {
        ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    }
    private static func name(_ path: String) -> String { (path as NSString).lastPathComponent }

    static func torch(_ path: String) -> ArrayError {
        ArrayError(
            "a file of PyTorch, which runs code when it is opened",
            allowed: """
                a .npz file of it, which these two lines of Python make:
                    import numpy, torch; d = torch.load("\(name(path))", map_location="cpu"); d = d if isinstance(d, dict) else {"data": d}
                    numpy.savez("\(stem(path)).npz", **{k: (v.float() if v.is_floating_point() else v).numpy() for k, v in d.items() if torch.is_tensor(v)})
                """)
    }

    static func pickle(_ path: String) -> ArrayError {
        ArrayError(
            "a pickle of Python, which runs code when it is opened",
            allowed: """
                a .npz file of it, which these two lines of Python make:
                    import numpy, pickle; d = pickle.load(open("\(name(path))", "rb"), encoding="latin1"); d = d if isinstance(d, dict) else {"data": d}
                    numpy.savez("\(stem(path)).npz", **{str(k): numpy.asarray(v) for k, v in d.items() if numpy.asarray(v).dtype.kind in "fiub"})
                """)
    }

    static func parquet(_ path: String) -> ArrayError {
        ArrayError(
            "a parquet file",
            allowed: """
                a folder of images, which these two lines of Python make of columns image and label:
                    import pandas, pathlib; rows = pandas.read_parquet("\(name(path))"); [pathlib.Path(f"\(stem(path))/{k}").mkdir(parents=True, exist_ok=True) for k in rows["label"].unique()]
                    [pathlib.Path(f"\(stem(path))/{r.label}/{i:08}.png").write_bytes(r.image["bytes"]) for i, r in enumerate(rows.itertuples())]
                """)
    }
}
