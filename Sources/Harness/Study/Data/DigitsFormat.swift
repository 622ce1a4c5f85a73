import FlowMaps

/// `data: digits`: the bundled handwritten digits, `Dataset.digits()`.
package struct DigitsFormat: DatasetFormat {
    package static let name = "digits"
    package let image: ImageShape? = ImageShape(channels: 1, height: 8, width: 8)
    package let classCount = 10
    package let knownCount: Int? = 1797
    package let valueRange: ClosedRange<Float>? = -1...1

    private enum CodingKeys: CodingKey {}

    package init() {}

    package init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: CodingKeys.self) }

    package func encode(to encoder: any Encoder) throws { _ = encoder.container(keyedBy: CodingKeys.self) }

    package func load() throws -> Dataset { try .digits() }
}
