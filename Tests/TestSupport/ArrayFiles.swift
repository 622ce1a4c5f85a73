/// Bytes of array files as others write them.
public enum ArrayFiles {
    /// A NumPy file of version 1.
    /// - Parameter type: NumPy's name of it: "<f4".
    public static func npy(_ type: String, _ shape: [Int], _ numbers: [UInt8], fortran: Bool = false) -> [UInt8] {
        let extents = shape.map { "\($0)," }.joined(separator: " ")
        var header = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(extents)), }"
        header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0] + little(UInt16(header.utf8.count)) + Array(header.utf8) + numbers
    }

    /// A zip archive of files as they are, or deflated in one stored block each, as `numpy.savez` and `savez_compressed` make one.
    public static func zip(_ files: [(name: String, bytes: [UInt8])], deflated: Bool = false) -> [UInt8] {
        var result: [UInt8] = [], directory: [UInt8] = []
        for file in files {
            let count = UInt16(file.bytes.count), name = Array(file.name.utf8)
            let body = deflated ? [1] + little(count) + little(~count) + file.bytes : file.bytes
            let common =
                little(UInt16(20)) + [0, 0] + little(UInt16(deflated ? 8 : 0)) + [0, 0, 0, 0]
                + little(DataFiles.checksum(file.bytes)) + little(UInt32(body.count))
                + little(UInt32(file.bytes.count)) + little(UInt16(name.count)) + [0, 0]
            let start = UInt32(result.count)
            directory += [0x50, 0x4b, 1, 2, 20, 0] + common + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + little(start) + name
            result += [0x50, 0x4b, 3, 4] + common + name + body
        }
        let start = UInt32(result.count), count = UInt16(files.count)
        return result + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + little(count) + little(count)
            + little(UInt32(directory.count)) + little(start) + [0, 0]
    }

    /// A safetensors file of tensors in the order given.
    public static func safetensors(
        _ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])], metadata: [String: String] = [:]
    ) -> [UInt8] {
        var end = 0
        var entries = tensors.map { tensor -> String in
            let start = end
            end += tensor.bytes.count
            return
                "\"\(tensor.name)\":{\"dtype\":\"\(tensor.type)\",\"shape\":\(tensor.shape),\"data_offsets\":[\(start),\(end)]}"
        }
        if !metadata.isEmpty {
            let said = metadata.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
            entries.insert("\"__metadata__\":{\(said.joined(separator: ","))}", at: 0)
        }
        let header = Array("{\(entries.joined(separator: ","))}".utf8)
        return little(UInt64(header.count)) + header + tensors.flatMap(\.bytes)
    }

    /// The bytes of numbers, little-endian.
    public static func bytes(_ numbers: [some FixedWidthInteger]) -> [UInt8] { numbers.flatMap { little($0) } }
    /// The bytes of numbers of float32, little-endian.
    public static func bytes(_ numbers: [Float]) -> [UInt8] { bytes(numbers.map(\.bitPattern)) }
    /// The bytes of numbers of float64, little-endian.
    public static func bytes(_ numbers: [Double]) -> [UInt8] { bytes(numbers.map(\.bitPattern)) }
    /// The nearest numbers of bfloat16; ties away from zero.
    public static func brain(_ numbers: [Float]) -> [UInt8] {
        bytes(numbers.map { UInt16(truncatingIfNeeded: ($0.bitPattern &+ 0x8000) >> 16) })
    }

    static func little(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }
}
