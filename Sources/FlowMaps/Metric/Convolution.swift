import Tensors

/// A convolution over images with windows of 3 × 3 pixels, two pixels apart: it halves the image's sides, rounding up.
///
/// Images are laid pixel by pixel, [pixels, n, channels], so that a window's pixels are whole rows to gather. Pixels
/// outside the image are zero.
public struct Convolution: Module, Sendable {
    /// Pixels along a side of a window.
    static let side = 3
    /// Pixels from one window to the next.
    static let stride = 2

    /// The images that go in.
    public let image: ImageShape
    /// [9 · channels, outputs] and a bias: of each window, row by row, the channels side by side.
    var linear: Linear
    /// The pixel of each window's places, row by row: [windows · 9]; the number of pixels stands for outside.
    private let places: Tensor

    public init(_ image: ImageShape, outputs: Int, key: RandomKey) {
        self.image = image
        linear = Linear(inputs: Self.side * Self.side * image.channels, outputs: outputs, key: key)
        let output = Self.output(of: image, channels: outputs)
        var places: [Float] = []
        for row in 0..<output.height {
            for column in 0..<output.width {
                for place in 0..<(Self.side * Self.side) {
                    let y = Self.stride * row + place / Self.side - 1, x = Self.stride * column + place % Self.side - 1
                    let isInside = (0..<image.height).contains(y) && (0..<image.width).contains(x)
                    places.append(Float(isInside ? y * image.width + x : image.height * image.width))
                }
            }
        }
        self.places = Tensor(places, shape: [places.count])
    }

    /// The images that come out.
    public var output: ImageShape { Self.output(of: image, channels: linear.bias.shape[0]) }

    static func output(of image: ImageShape, channels: Int) -> ImageShape {
        ImageShape(
            channels: channels, height: (image.height + stride - 1) / stride, width: (image.width + stride - 1) / stride
        )
    }

    /// [pixels, n, channels] → [pixels of `output`, n, outputs].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let (pixels, rows, channels) = (x.shape[0], x.shape[1], x.shape[2])
        let window = Self.side * Self.side, windows = places.shape[0] / window
        precondition(
            pixels == image.height * image.width && channels == image.channels,
            "a convolution over \(image.height) × \(image.width) pixels of \(image.channels), given shape \(x.shape)")
        let table = x.reshaped(to: [pixels, rows * channels]).padded(before: 0, after: 1)
        let seen = table.gather(places).reshaped(to: [windows, window, rows, channels]).transposed([0, 2, 1, 3])
        return linear(seen.reshaped(to: [windows, rows, window * channels]))
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) { linear.visitParameters(visit) }
}
