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

    /// Numbers of a data set: 4 TiB of them in float32.
    private static let most = 1 << 40

    public func validate() throws(Violation) {
        for (value, key) in [(count, "count"), (channels, "channels"), (height, "height"), (width, "width")] {
            try require(value, key, atLeast: 1, atMost: Self.most)
        }
        try require(classes, "classes", atLeast: 0, atMost: Most.classes)
        let numbers = [channels, height, width].reduce(Double(count)) { $0 * Double($1) }
        try require(
            numbers <= Double(Self.most), found: "\(count) samples of \(channels) × \(height) × \(width)",
            allowed: "at most \(Self.most) numbers in all")
    }

    public var image: ImageShape { ImageShape(channels: channels, height: height, width: width) }

    /// Whether samples are points of the plane, which are no images: one channel of 1 × 2.
    public var isPoints: Bool { (channels, height, width) == (1, 1, 2) }
}
