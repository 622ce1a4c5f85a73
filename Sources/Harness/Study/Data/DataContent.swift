import FlowMaps

/// The content of a data set's files, as far as it is known without reading the samples.
///
/// A record holds it, and an identity is made from it instead of from paths: files that have moved are the same data,
/// files that have changed are not. A study may state it too, and is then refused with files of other content.
package struct DataContent: Codable, Hashable, Sendable, Validated {
    /// A hash of everything that decides samples and labels.
    package let identity: String
    /// The number of samples.
    package let count: Int
    /// The shape of a sample.
    package let channels, height, width: Int
    /// The number of classes; 0 without labels.
    package let classes: Int
    /// The numbers are bytes of images scaled to [-1, 1], where the format does not decide it; nil where it does.
    package let pixels: Bool?

    /// The content of files with the given hash, number of samples, shape and number of classes.
    package init(identity: String, count: Int, image: ImageShape, classes: Int, pixels: Bool? = nil) {
        (self.identity, self.count, self.classes, self.pixels) = (identity, count, classes, pixels)
        (channels, height, width) = (image.channels, image.height, image.width)
    }

    /// Numbers of a data set: 4 TiB of them in float32.
    private static let most = 1 << 40

    /// Checks the ranges of the settings.
    package func validate() throws(Violation) {
        for (value, key) in [(count, "count"), (channels, "channels"), (height, "height"), (width, "width")] {
            try require(value, key, atLeast: 1, atMost: Self.most)
        }
        try require(classes, "classes", atLeast: 0, atMost: Most.classes)
        let numbers = [channels, height, width].reduce(Double(count)) { $0 * Double($1) }
        try require(
            numbers <= Double(Self.most), found: "\(count) samples of \(channels) × \(height) × \(width)",
            allowed: "at most \(Self.most) numbers in all")
    }

    /// The shape of a sample.
    package var image: ImageShape { ImageShape(channels: channels, height: height, width: width) }

    /// The samples are points of the plane, which are not images: one channel of 1 × 2.
    package var isPoints: Bool { (channels, height, width) == (1, 1, 2) }
}
