import Tensors
import Foundation

/// A Gaussian blur of images that lie as rows [n, channels · height · width], along one axis after the other.
struct Blur {
    private let image: ImageShape
    /// [width, width] and [height, height]: the share of each pixel (a column) that comes from each (a row).
    private let across, along: Tensor

    /// - Parameter deviation: in pixels, above 0.
    init(_ image: ImageShape, deviation: Double) {
        precondition(deviation > 0, "a blur of a standard deviation of \(deviation) pixels")
        self.image = image
        across = Self.weights(image.width, deviation)
        along = Self.weights(image.height, deviation)
    }

    func callAsFunction(_ samples: Tensor) -> Tensor {
        let (n, c, h, w) = (samples.shape[0], image.channels, image.height, image.width)
        let rows = samples.reshaped(to: [n * c * h, w]).matmul(across)
        let columns = rows.reshaped(to: [n * c, h, w]).transposed([0, 2, 1]).reshaped(to: [n * c * w, h]).matmul(along)
        return columns.reshaped(to: [n * c, w, h]).transposed([0, 2, 1]).reshaped(to: samples.shape)
    }

    /// exp(−(i − j)² / 2σ²), each column divided by its sum, so that an even image stays as it is.
    private static func weights(_ count: Int, _ deviation: Double) -> Tensor {
        let bell = (0..<count).map { i in
            (0..<count).map { j in exp(-Double((i - j) * (i - j)) / (2 * deviation * deviation)) }
        }
        // Symmetric, so a row's sum is a column's.
        let sums = bell.map { $0.reduce(0, +) }
        return Tensor(
            (0..<count * count).map { Float(bell[$0 / count][$0 % count] / sums[$0 % count]) }, shape: [count, count])
    }
}
