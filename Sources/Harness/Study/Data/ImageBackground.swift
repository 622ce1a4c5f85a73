import FlowMaps

/// A colour that transparent pixels of images are laid over, as a spec says it: `white`, `black`, or `[255, 0, 255]`.
package struct ImageBackground: Codable, Hashable, Sendable, Validated {
    /// 0...255 each.
    package let red, green, blue: Int

    /// White.
    package static let white = ImageBackground(red: 255, green: 255, blue: 255)
    /// Black.
    package static let black = ImageBackground(red: 0, green: 0, blue: 0)

    private enum Name: String, Codable, CaseIterable { case white, black }

    /// A colour with parts in 0...255.
    package init(red: Int, green: Int, blue: Int) { (self.red, self.green, self.blue) = (red, green, blue) }

    /// Decodes `white`, `black`, or three numbers.
    package init(from decoder: any Decoder) throws {
        guard let numbers = try? [Int](from: decoder) else {
            self = try Name(from: decoder) == .white ? .white : .black
            return
        }
        guard numbers.count == 3 else {
            throw Violation(key: nil, found: "\(numbers.count) numbers", allowed: "red, green and blue, white or black")
        }
        self.init(red: numbers[0], green: numbers[1], blue: numbers[2])
    }

    /// Encodes the colour as a specification has it.
    package func encode(to encoder: any Encoder) throws {
        if self == .white { return try Name.white.encode(to: encoder) }
        if self == .black { return try Name.black.encode(to: encoder) }
        try [red, green, blue].encode(to: encoder)
    }

    /// Checks that each part is in 0...255.
    package func validate() throws(Violation) {
        for part in [red, green, blue] where !(0...255).contains(part) {
            throw Violation(key: nil, found: "\(part)", allowed: "from 0 to 255")
        }
    }
}
