internal import CZlib
import Foundation

extension ZipArchive {
    /// Files as they are, not compressed, one after the other with their checksums; nil for more than the format's first version holds.
    package static func stored(_ files: [(name: String, bytes: Data)]) -> Data? {
        let largest = Int(UInt32.max) - (1 << 20)
        guard files.reduce(0, { $0 + $1.bytes.count }) < largest, files.count < Int(UInt16.max) else { return nil }
        var result = Data(), directory = Data()
        for file in files {
            let size = UInt32(file.bytes.count), start = UInt32(result.count), name = Data(file.name.utf8)
            // Version 2.0, no flags, stored, no time, the checksum, both sizes, the name's length, nothing extra.
            let common =
                bytes([20, 0, 0, 0, 0] as [UInt16]) + bytes([Checksum.crc32(file.bytes), size, size])
                + bytes([UInt16(name.count), 0])
            directory += bytes([0x0201_4b50] as [UInt32]) + bytes([20] as [UInt16]) + common
            directory += bytes([0, 0, 0, 0, 0] as [UInt16]) + bytes([start]) + name
            result += bytes([0x0403_4b50] as [UInt32]) + common + name + file.bytes
        }
        let end =
            bytes([0x0605_4b50] as [UInt32]) + bytes([0, 0, UInt16(files.count), UInt16(files.count)])
            + bytes([UInt32(directory.count), UInt32(result.count)]) + bytes([0] as [UInt16])
        return result + directory + end
    }

    private static func bytes(_ numbers: [some FixedWidthInteger]) -> Data {
        numbers.reduce(into: Data()) { data, number in
            withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
        }
    }
}

extension NumPyArray {
    /// A NumPy file of numbers as they lie in memory.
    private static func file(_ type: String, _ shape: [Int], _ numbers: UnsafeRawBufferPointer) -> Data {
        let extents = shape.map { "\($0)," }.joined(separator: " ")
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
        // The numbers begin at a multiple of 64 bytes.
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let count = UInt16(header.utf8.count)
        return Data(magic + [1, 0, UInt8(count & 255), UInt8(count >> 8)]) + Data(header.utf8) + Data(numbers)
    }

    /// A NumPy file of bytes.
    package static func file(_ numbers: [UInt8], shape: [Int]) -> Data {
        numbers.withUnsafeBytes { file("|u1", shape, $0) }
    }

    /// A NumPy file of float32 numbers.
    package static func file(_ numbers: [Float], shape: [Int]) -> Data {
        numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { file("<f4", shape, $0) }
    }

    /// A NumPy file of float64 numbers.
    package static func file(_ numbers: [Double], shape: [Int]) -> Data {
        numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { file("<f8", shape, $0) }
    }

    /// A NumPy file of 64-bit integers.
    package static func file(_ numbers: [Int64], shape: [Int]) -> Data {
        numbers.map(\.littleEndian).withUnsafeBytes { file("<i8", shape, $0) }
    }

    /// Writes a `.npz` file of bytes `pixels` and whole numbers `labels`, which `ArrayFile` reads with their checksums.
    /// - Returns: whether the format has room for them.
    /// - Throws: `FileError`.
    package static func writePixels(_ pixels: [UInt8], shape: [Int], labels: [Int]?, to path: String) throws -> Bool {
        var files = [(name: "pixels.npy", bytes: file(pixels, shape: shape))]
        if let labels {
            files.append(("labels.npy", file(labels.map(Int64.init), shape: [labels.count])))
        }
        guard let archive = ZipArchive.stored(files) else { return false }
        try AtomicFile.write(archive, to: path)
        return true
    }
}
