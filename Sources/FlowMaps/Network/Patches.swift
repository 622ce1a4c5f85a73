import Tensors

/// An image cut into square patches, which are a transformer's tokens: row by row, and within a patch channel by channel, row by
/// row.
public struct Patches: Hashable, Sendable {
    public let image: ImageShape
    /// Pixels along a side of a patch; divides the image's sides.
    public let side: Int

    public init(_ image: ImageShape, side: Int) {
        precondition(
            side > 0 && image.height.isMultiple(of: side) && image.width.isMultiple(of: side),
            "patches of \(side) do not tile an image of \(image.height) × \(image.width)")
        (self.image, self.side) = (image, side)
    }

    private var down: Int { image.height / side }
    private var across: Int { image.width / side }

    /// The number of patches.
    public var count: Int { down * across }
    /// Numbers in one patch.
    public var dimension: Int { image.channels * side * side }

    /// Samples [n, channels · height · width] → [n, count, dimension].
    public func tokens(of samples: Tensor) -> Tensor {
        samples.reshaped(to: [samples.shape[0], image.channels, down, side, across, side])
            .transposed([0, 2, 4, 1, 3, 5]).reshaped(to: [samples.shape[0], count, dimension])
    }

    /// [n, count, dimension] → samples [n, channels · height · width]; undoes `tokens`.
    public func samples(of tokens: Tensor) -> Tensor {
        let rows = tokens.shape[0]
        return tokens.reshaped(to: [rows, down, across, image.channels, side, side])
            .transposed([0, 3, 1, 4, 2, 5]).reshaped(to: [rows, count * dimension])
    }

    /// Fixed positions [count, width]: a quarter of the columns each for the sines and cosines of the column's and of the row's
    /// number, at frequencies 10000^(−k / quarter) (Vaswani et al., arXiv 1706.03762, in two dimensions).
    public func positions(width: Int) -> Tensor {
        precondition(width > 0 && width.isMultiple(of: 4), "positions fill a multiple of 4 columns, not \(width)")
        let quarter = width / 4
        func phases(_ coordinate: (Int) -> Int) -> Tensor {
            let numbers = Tensor((0..<count).map { Float(coordinate($0)) }, shape: [count, 1])
            let order = Tensor((0..<quarter).map { Float($0) / Float(quarter) }, shape: [1, quarter])
            return numbers * exp(order * -log(Tensor(10_000)))
        }
        let x = phases { $0 % across }, y = phases { $0 / across }
        return Tensor.concatenate([sin(x), cos(x), sin(y), cos(y)], axis: 1).hoisted()
    }
}
