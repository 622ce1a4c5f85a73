/// A picture of 8-bit pixels, grey or RGB.
public struct PNGImage: Equatable, Sendable {
    /// What a pixel is made of.
    public enum Color: Int, Sendable {
        case grey = 1
        case rgb = 3

        /// How many bytes a pixel takes.
        public var channels: Int { rawValue }
    }

    /// A remark that a PNG file carries: "run", "3f2a91".
    public struct Text: Equatable, Sendable {
        /// 1 to 79 printable ASCII characters, without spaces at the ends.
        public let keyword: String
        /// Any text without NUL; stored as tEXt where it is ASCII, else as iTXt.
        public let text: String

        public init(_ keyword: String, _ text: String) {
            self.keyword = keyword
            self.text = text
        }
    }

    public let width: Int
    public let height: Int
    public let color: Color
    /// [height, width, channels], row-major from the upper left, 0...255.
    public let pixels: [UInt8]

    public init(width: Int, height: Int, color: Color, pixels: [UInt8]) {
        precondition(
            width > 0 && height > 0 && pixels.count == height * width * color.channels,
            "\(pixels.count) bytes do not fill [height \(height), width \(width), channels \(color.channels)]")
        self.width = width
        self.height = height
        self.color = color
        self.pixels = pixels
    }
}
