import FlowMaps
import Study

/// The drawing of a data set's samples: channels in grey or colour, the values of black and white, the size of a
/// pixel.
package struct Drawing {
    private let image: ImageShape
    package let range: ClosedRange<Float>

    /// The values of black and white for data without a range, such as latents: three standard deviations of the
    /// prior.
    private static let unbounded: ClosedRange<Float> = -3...3
    /// The approximate width of an image in screen pixels, so that an 8×8 image is visible.
    private static let width = 48

    /// Nil where the data are not images.
    package init?(_ data: DatasetSource) {
        guard let image = data.image else { return nil }
        (self.image, range) = (image, data.valueRange ?? Self.unbounded)
    }

    /// Three channels as red, green and blue, and the first three of more; else the first as grey.
    private var channels: Int { image.channels >= 3 ? 3 : 1 }

    /// [channels, height, width] as drawn.
    package var shape: [Int] { [channels, image.height, image.width] }

    /// The number of screen pixels along the side of a drawn pixel.
    package var scale: Int { max(1, Self.width / max(image.height, image.width)) }

    /// Samples [n, channels · height · width] → the channels that are drawn.
    package func shown(_ samples: [Float]) -> [Float] {
        guard channels != image.channels else { return samples }
        let pixels = image.height * image.width
        return stride(from: 0, to: samples.count, by: image.channels * pixels).flatMap {
            samples[$0..<($0 + channels * pixels)]
        }
    }
}
