import FlowMaps

/// The transformation of an array's numbers into samples.
struct SampleOrder {
    let image: ImageShape
    /// Channels are innermost in the array.
    let isChannelsLast: Bool
    /// The numbers are bytes of images.
    var isPixels = false
    /// One number a channel each: (value − shift) · scale.
    let shift, scale: [Double]

    /// Samples [n, channels, height, width] of n rows of the array.
    func samples(of stored: [Float]) -> [Float] { scaled(isChannelsLast ? channelsFirst(stored) : stored) }

    /// [n, height, width, channels] → [n, channels, height, width].
    private func channelsFirst(_ stored: [Float]) -> [Float] {
        let channels = image.channels, pixels = image.height * image.width, size = channels * pixels
        return [Float](unsafeUninitializedCapacity: stored.count) { result, initialized in
            for start in stride(from: 0, to: stored.count, by: size) {
                for channel in 0..<channels {
                    for pixel in 0..<pixels {
                        result.initializeElement(
                            at: start + channel * pixels + pixel, to: stored[start + pixel * channels + channel])
                    }
                }
            }
            initialized = stored.count
        }
    }

    private func scaled(_ values: [Float]) -> [Float] {
        if isPixels { return values.map { $0 / 127.5 - 1 } }
        guard shift.contains(where: { $0 != 0 }) || scale.contains(where: { $0 != 1 }) else { return values }
        let pixels = image.height * image.width
        return values.indices.map { index in
            let channel = index / pixels % image.channels
            return Float((Double(values[index]) - shift[channel]) * scale[channel])
        }
    }
}
