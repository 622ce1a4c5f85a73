import FlowMaps
import Specification
import Storage

/// An array of a file with the meaning of its axes and numbers: what the formats of arrays have in common.
struct StoredSamples {
    let array: StoredArray
    let image: ImageShape
    /// The number of samples.
    let count: Int
    let isChannelsLast: Bool
    private let order: SampleOrder
    private let place: DataPlace

    /// - Parameters:
    ///   - isPixels: the numbers are bytes of images.
    ///   - shift, scale: for samples (value − shift) · scale, a number for all channels or one for each.
    init(
        _ array: StoredArray, layout: ArrayLayout?, isPixels: Bool = false, shift: [Double] = [0],
        scale: [Double] = [1], _ place: DataPlace
    ) throws {
        let extents = try ArrayExtents(array.shape, layout, place)
        (image, count, isChannelsLast) = (extents.image, extents.count, extents.isChannelsLast)
        func each(_ numbers: [Double]) -> [Double] {
            numbers.count == 1 ? Array(repeating: numbers[0], count: extents.image.channels) : numbers
        }
        order = SampleOrder(
            image: extents.image, isChannelsLast: extents.isChannelsLast, isPixels: isPixels, shift: each(shift),
            scale: each(scale))
        (self.array, self.place) = (array, place)
    }

    /// The layout decides the samples, as the file does; [count, channels, height, width] is not said.
    var layoutParts: [(role: String, identity: Identity)] {
        isChannelsLast ? [("layout", Identity(hashing: Array("nhwc".utf8)))] : []
    }

    /// Gives `body` the samples in their order, some at a time.
    /// - Throws: `DataError` for a number that is not finite, with its sample.
    func forEachBlock(_ body: ([Float]) throws -> Void) throws {
        for block in array.blocks() {
            let numbers = try ArrayData.said(place) { try array.floats(block) }
            if let wrong = numbers.firstIndex(where: { !$0.isFinite }) {
                throw place.error(
                    "\(numbers[wrong]) in sample \(block.lowerBound + wrong / array.rowSize)"
                        + (array.name.isEmpty ? "" : " of '\(array.name)'"), allowed: "finite numbers")
            }
            try body(order.samples(of: numbers))
        }
    }
}

/// A data set that is one array of a file.
protocol StoredAsArray: StoredData {
    var stored: StoredSamples { get }
}

extension StoredAsArray {
    var image: ImageShape { stored.image }
    var count: Int { stored.count }

    func forEachBlock(_ body: ([Float]) throws -> Void) throws { try stored.forEachBlock(body) }

    func samples() throws -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(count * image.channels * image.height * image.width)
        try forEachBlock { result += $0 }
        return result
    }
}
