import Engine

/// Changes of images by a strength in [0, 1], drawn anew for each row and step. Strength 0 is the identity exactly.
public struct Augmentation: Codable, Hashable, Sendable, Validated {
    /// Carried out in this order.
    public let kinds: [Kind]
    /// 0 leaves every sample as it is, 1 is as strong as a kind gets.
    public let strength: Double

    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Moved along both axes, each by up to strength × a quarter of the image, between pixels by linear interpolation; what
        /// comes in is background.
        case shift
        /// Mirrored left to right with probability strength / 2.
        case flip
        /// Scaled towards the middle grey by a factor of 1 − strength × U(0, 0.8).
        case contrast
    }

    public init(kinds: [Kind], strength: Double) { (self.kinds, self.strength) = (kinds, strength) }

    public func validate() throws(Violation) { try probability(strength, "strength") }

    /// The share of an image's extent that a shift of strength 1 reaches.
    private static let farthestShift = 0.25
    /// The share of its contrast that an image may lose at strength 1.
    private static let deepestContrast = 0.8

    /// Images [n, channels · height · width] of a data set → as many, augmented.
    public func callAsFunction(_ samples: Tensor, of data: TrainingData, key: RandomKey, step: Tensor) -> Tensor {
        guard strength > 0, !kinds.isEmpty else { return samples }
        guard let image = data.image else { preconditionFailure("only images are augmented") }
        return kinds.reduce(samples) { samples, kind in
            let key = key.folding(kind.rawValue)
            func uniform(_ name: String) -> Tensor {
                .uniform([samples.shape[0], 1], key: key.folding(name), step: step)
            }
            switch kind {
            case .shift:
                let reach = strength * Self.farthestShift
                let right = (2 * uniform("right") - 1) * (reach * Double(image.width))
                let down = (2 * uniform("down") - 1) * (reach * Double(image.height))
                return Warp(image, background: data.background).shift(samples, right: right, down: down)
            case .flip:
                let isMirrored = greater(Tensor(strength / 2), uniform("mirror"))
                return select(isMirrored, Warp(image, background: data.background).mirrored(samples), samples)
            case .contrast:
                return samples * (1 - strength * Self.deepestContrast * uniform("contrast"))
            }
        }
    }
}

/// Moves the pixels of images that lie as rows [n, channels · height · width].
struct Warp {
    private let image: ImageShape
    private let background: Double
    /// The column, the row and the channel's first place of each element of an image: [1, d].
    private let column, row, channel: Tensor

    init(_ image: ImageShape, background: Double) {
        (self.image, self.background) = (image, background)
        let places = 0..<(image.channels * image.height * image.width)
        func each(_ value: (Int) -> Int) -> Tensor {
            Tensor(places.map { Float(value($0)) }, shape: [1, places.count])
        }
        column = each { $0 % image.width }
        row = each { $0 / image.width % image.height }
        channel = each { $0 / (image.width * image.height) * (image.width * image.height) }
    }

    /// Images mirrored left to right.
    func mirrored(_ samples: Tensor) -> Tensor {
        read(samples, columns: Double(image.width - 1) - column, rows: row)
    }

    /// Images moved by pixels [n, 1] to the right and down, linearly interpolated.
    func shift(_ samples: Tensor, right: Tensor, down: Tensor) -> Tensor {
        let columns = column - right, rows = row - down
        let left = floor(columns), top = floor(rows)
        let across = columns - left, along = rows - top
        let upper =
            (1 - across) * read(samples, columns: left, rows: top) + across
            * read(samples, columns: left + 1, rows: top)
        let lower =
            (1 - across) * read(samples, columns: left, rows: top + 1)
            + across * read(samples, columns: left + 1, rows: top + 1)
        return (1 - along) * upper + along * lower
    }

    /// The pixels at whole columns and rows, [n, d] or [1, d]; background outside the image.
    private func read(_ samples: Tensor, columns: Tensor, rows: Tensor) -> Tensor {
        let (count, dimension) = (samples.shape[0], samples.shape[1])
        let lastColumn = Double(image.width - 1), lastRow = Double(image.height - 1)
        let insideColumn = minimum(maximum(columns, Tensor(0)), Tensor(lastColumn))
        let insideRow = minimum(maximum(rows, Tensor(0)), Tensor(lastRow))
        let isInside = equal(insideColumn, columns) * equal(insideRow, rows)
        let first = Tensor((0..<count).map { Float($0 * dimension) }, shape: [count, 1])
        let places = first + channel + insideRow * Double(image.width) + insideColumn
        let pixels = samples.reshaped(to: [count * dimension, 1]).gather(places).reshaped(to: [count, dimension])
        return select(isInside, pixels, Tensor(background))
    }
}
