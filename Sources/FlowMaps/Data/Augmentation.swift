import Tensors

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
        /// Turned about the middle by up to strength × 45° either way, between pixels by linear interpolation; what comes in is
        /// background.
        case rotation
        /// Normal numbers of a standard deviation of strength / 2, a quarter of the range [-1, 1], are added; nothing is clipped.
        case noise
        /// A rectangle whose sides are strength × half of the image's is background, at a place drawn from all that lie inside.
        case erase
        /// Mixed, with a share of U(0, 1), with the image blurred by a Gaussian of a standard deviation of strength × an eighth of
        /// its shorter side; at the edges its weights are those of the pixels inside.
        case blur
    }

    public init(kinds: [Kind], strength: Double) { (self.kinds, self.strength) = (kinds, strength) }

    public func validate() throws(Violation) { try probability(strength, "strength") }

    /// The most numbers that are augmented at once: places among them are whole numbers of float32.
    public static let mostNumbers = 1 << 24

    /// The share of an image's extent that a shift of strength 1 reaches.
    private static let farthestShift = 0.25
    /// The share of its contrast that an image may lose at strength 1.
    private static let deepestContrast = 0.8
    /// The angle, in radians, that a rotation of strength 1 reaches.
    private static let widestAngle = Double.pi / 4
    /// The standard deviation of the noise of strength 1.
    private static let loudestNoise = 0.5
    /// The share of an image's sides that is erased at strength 1.
    private static let largestHole = 0.5
    /// The standard deviation of the blur of strength 1, as a share of an image's shorter side.
    private static let widestBlur = 0.125

    /// Images [n, channels · height · width] of a data set → as many, augmented.
    public func callAsFunction(_ samples: Tensor, of data: TrainingData, key: RandomKey, step: Tensor) -> Tensor {
        guard strength > 0, !kinds.isEmpty else { return samples }
        guard let image = data.image else { preconditionFailure("only images are augmented") }
        return kinds.reduce(samples) { samples, kind in
            let draw = Draw(count: samples.shape[0], key: key.folding(kind.rawValue), step: step)
            return changed(samples, by: kind, of: image, background: data.background, draw)
        }
    }

    private func changed(
        _ samples: Tensor, by kind: Kind, of image: ImageShape, background: Double, _ draw: Draw
    ) -> Tensor {
        let (width, height) = (Double(image.width), Double(image.height))
        var warp: Warp { Warp(image, background: background) }
        switch kind {
        case .shift:
            let reach = strength * Self.farthestShift
            let right = (2 * draw.uniform("right") - 1) * (reach * width)
            let down = (2 * draw.uniform("down") - 1) * (reach * height)
            return warp.shift(samples, right: right, down: down)
        case .flip:
            let isMirrored = greater(Tensor(strength / 2), draw.uniform("mirror"))
            return select(isMirrored, warp.mirrored(samples), samples)
        case .contrast:
            return samples * (1 - strength * Self.deepestContrast * draw.uniform("contrast"))
        case .rotation:
            return warp.rotated(samples, by: (2 * draw.uniform("angle") - 1) * (strength * Self.widestAngle))
        case .noise:
            return samples + strength * Self.loudestNoise * draw.normal("noise", samples.shape)
        case .erase:
            let side = strength * Self.largestHole
            let left = draw.uniform("left") * (width - side * width),
                top = draw.uniform("top") * (height - side * height)
            return warp.erased(samples, left: left, top: top, width: side * width, height: side * height)
        case .blur:
            let deviation = strength * Self.widestBlur * Double(min(image.width, image.height))
            let blurred = Blur(image, deviation: deviation)(samples)
            return samples + draw.uniform("share") * (blurred - samples)
        }
    }
}

/// The numbers that one kind of augmentation draws, each by a name of its own.
private struct Draw {
    let count: Int
    let key: RandomKey
    let step: Tensor

    /// [n, 1] in [0, 1).
    func uniform(_ name: String) -> Tensor { .uniform([count, 1], key: key.folding(name), step: step) }

    func normal(_ name: String, _ shape: Shape) -> Tensor { .normal(shape, key: key.folding(name), step: step) }
}
