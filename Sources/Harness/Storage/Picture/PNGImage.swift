/// A picture of 8-bit pixels, grey or RGB.
package struct PNGImage: Equatable, Sendable {
    /// The channels of a pixel.
    package enum Color: Int, Sendable {
        case grey = 1
        case rgb = 3

        /// The number of bytes of a pixel.
        package var channels: Int { rawValue }
    }

    /// A remark that a PNG file carries: "run", "3f2a91".
    package struct Text: Equatable, Sendable {
        /// 1 to 79 printable ASCII characters, without spaces at the ends.
        package let keyword: String
        /// Any text without NUL; stored as tEXt where it is ASCII, else as iTXt.
        package let text: String

        package init(_ keyword: String, _ text: String) {
            self.keyword = keyword
            self.text = text
        }
    }

    package let width: Int
    package let height: Int
    package let color: Color
    /// [height, width, channels], row-major from the upper left, 0...255.
    package let pixels: [UInt8]

    package init(width: Int, height: Int, color: Color, pixels: [UInt8]) {
        precondition(
            width > 0 && height > 0 && pixels.count == height * width * color.channels,
            "\(pixels.count) bytes do not fill [height \(height), width \(width), channels \(color.channels)]")
        self.width = width
        self.height = height
        self.color = color
        self.pixels = pixels
    }
}
