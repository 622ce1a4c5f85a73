/// What the files of a data set hold, as far as it is known without their samples.
///
/// A record states it, and an identity is made from it instead of from paths: files that have moved are the same data, files that have
/// changed are not. A study may state it too, and is then refused with files of other content.
public struct DataContent: Codable, Hashable, Sendable, Validated {
    /// A hash of all that decides samples and labels.
    public let identity: String
    /// The number of samples.
    public let count: Int
    /// The shape of a sample.
    public let channels, height, width: Int
    /// The number of classes; 0 without labels.
    public let classes: Int
    /// Whether the numbers are bytes of images scaled to [-1, 1], where the format leaves that open; nil where it does not.
    public let pixels: Bool?

    public init(identity: String, count: Int, image: ImageShape, classes: Int, pixels: Bool? = nil) {
        (self.identity, self.count, self.classes, self.pixels) = (identity, count, classes, pixels)
        (channels, height, width) = (image.channels, image.height, image.width)
    }

    public func validate() throws(Violation) {
        for (value, key) in [(count, "count"), (channels, "channels"), (height, "height"), (width, "width")] {
            try require(value, key, in: 1...)
        }
        try require(classes, "classes", in: 0...)
    }

    public var image: ImageShape { ImageShape(channels: channels, height: height, width: width) }

    /// Whether samples are points of the plane, which are no images: one channel of 1 × 2.
    public var isPoints: Bool { (channels, height, width) == (1, 1, 2) }
}
