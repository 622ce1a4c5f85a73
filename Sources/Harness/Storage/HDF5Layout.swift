internal import CHDF5

/// The layout of a dataset's values in the file.
enum HDF5Layout {
    /// Values in the dataset's header. An index of chunks and a filter's memory take more than a curve of some points
    /// itself: a record of 30 datasets, nearly all of them small, takes 28 kB instead of 53, and a quarter less time
    /// to write and a sixth less to read.
    case compact
    /// In one piece, as they are.
    case contiguous
    /// In chunks of this shape, shuffled, compressed and checksummed.
    case chunked([Int])

    /// Bytes: between a record's curves, some hundred, and its samples, many thousand; not tuned. A header has room for less than 64 KiB.
    private static let largestCompact = 2048
    /// Bytes.
    private static let largestChunk = 256 * 1024

    /// - Parameter isCompressed: false for values that are stored outside the dataset.
    init(of shape: [Int], bytesPerValue: Int, isCompressed: Bool) {
        let bytes = shape.reduce(bytesPerValue, *)
        // HDF5 allows no chunk of a shape without values.
        if bytes == 0 {
            self = .contiguous
        } else if bytes <= Self.largestCompact {
            self = .compact
        } else if isCompressed {
            self = .chunked(Self.chunk(of: shape, bytesPerValue))
        } else {
            self = .contiguous
        }
    }

    /// The shape, halved along the slowest axes until it takes at most 256 KiB: h5py advises 10 KiB to 1 MiB; the middle of that keeps
    /// some chunks in HDF5's cache of 1 MiB.
    private static func chunk(of shape: [Int], _ bytesPerValue: Int) -> [Int] {
        var chunk = shape
        for axis in chunk.indices {
            while chunk[axis] > 1, chunk.reduce(bytesPerValue, *) > largestChunk { chunk[axis] = (chunk[axis] + 1) / 2 }
        }
        return chunk
    }

    /// Gives `body` the properties of a dataset that is so laid out.
    func withList<Result>(_ body: (hid_t) -> Result) -> Result {
        switch self {
        case .compact: return body(HDF5Lists.compactDataset)
        case .contiguous: return body(HDF5Lists.contiguousDataset)
        case .chunked(let chunk):
            let list = HDF5Lists.chunkedDataset(chunk)
            defer { H5Pclose(list) }
            return body(list)
        }
    }
}
