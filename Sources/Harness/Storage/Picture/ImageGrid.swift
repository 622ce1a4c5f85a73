/// Images in rows and columns on one canvas, pixel by pixel as torchvision's `make_grid` and `save_image` place and
/// round them.
///
/// An image of the range [low, high] becomes 255 · clamp((x - low) / (high - low), 0, 1) + 1/2, truncated. Every image
/// has `padding` pixels around it, shared with its neighbours, so that the canvas has (height + padding) · rows +
/// padding rows of pixels. A single image has no padding. One difference: one channel stays grey, where torchvision
/// writes it three times.
package struct ImageGrid: Sendable {
    /// [count, channels, height, width] in row-major order, in `valueRange`; values outside are clamped, NaN is drawn
    /// as the low end.
    package let values: [Float]
    /// [count, channels, height, width]; 1 or 3 channels.
    package let shape: [Int]
    /// The values that are drawn black and white, or without and with full colour: -1...1, 0...1.
    package let valueRange: ClosedRange<Float>
    /// Images in a row.
    package let columns: Int
    /// The number of times that a pixel is repeated in both directions, before the padding.
    package let scale: Int
    /// Pixels between images and around them.
    package let padding: Int
    /// The value of the padding, in 0...1.
    package let padValue: Float

    package init(
        _ values: [Float], shape: [Int], valueRange: ClosedRange<Float>, columns: Int = 8, scale: Int = 1,
        padding: Int = 2, padValue: Float = 0
    ) {
        precondition(
            shape.count == 4 && shape.allSatisfy { $0 > 0 } && (shape[1] == 1 || shape[1] == 3)
                && shape.reduce(1, *) == values.count,
            "\(values.count) values, \(shape) is not their [count, channels 1 or 3, height, width]")
        precondition(
            columns > 0 && scale > 0 && padding >= 0, "columns \(columns), scale \(scale), padding \(padding)")
        self.values = values
        self.shape = shape
        self.valueRange = valueRange
        self.columns = columns
        self.scale = scale
        self.padding = padding
        self.padValue = padValue
    }

    /// One row of images per arm, so that a column shows what the arms make of the same noise.
    ///
    /// - Parameters:
    ///   - rows: per arm [columns, channels, height, width], as many columns for each.
    ///   - imageShape: [channels, height, width].
    package static func stacked(
        rows: [[Float]], imageShape: [Int], valueRange: ClosedRange<Float>, scale: Int = 1, padding: Int = 2,
        padValue: Float = 0
    ) -> ImageGrid {
        let counts = rows.map(\.count)
        let imageCount = imageShape.reduce(1, *)
        precondition(imageShape.count == 3 && imageCount > 0, "\(imageShape) is not [channels, height, width]")
        precondition(
            !rows.isEmpty && counts.allSatisfy { $0 == counts[0] && $0 > 0 && $0 % imageCount == 0 },
            "rows of \(counts) values are not equally many images of \(imageShape)")
        let columns = counts[0] / imageCount
        return ImageGrid(
            rows.flatMap { $0 }, shape: [rows.count * columns] + imageShape, valueRange: valueRange, columns: columns,
            scale: scale, padding: padding, padValue: padValue)
    }

    /// The drawn grid.
    package var image: PNGImage {
        let (count, channels, height, width) = (shape[0], shape[1], shape[2] * scale, shape[3] * scale)
        let columns = min(columns, count)
        let rows = (count + columns - 1) / columns
        let padding = count == 1 ? 0 : padding
        let canvasWidth = (width + padding) * columns + padding
        let canvasHeight = (height + padding) * rows + padding
        let pad = Self.byte(padValue)
        var pixels = [UInt8](repeating: pad, count: canvasHeight * canvasWidth * channels)
        for index in 0..<count {
            let top = index / columns * (height + padding) + padding
            let left = index % columns * (width + padding) + padding
            for y in 0..<height {
                for x in 0..<width {
                    for channel in 0..<channels {
                        let source = ((index * channels + channel) * shape[2] + y / scale) * shape[3] + x / scale
                        pixels[((top + y) * canvasWidth + left + x) * channels + channel] = byte(of: values[source])
                    }
                }
            }
        }
        return PNGImage(
            width: canvasWidth, height: canvasHeight, color: channels == 1 ? .grey : .rgb, pixels: pixels)
    }

    private func byte(of value: Float) -> UInt8 {
        let (low, high) = (valueRange.lowerBound, valueRange.upperBound)
        let clamped = value.isNaN ? low : min(max(value, low), high)
        // The least width is torchvision's.
        return Self.byte((clamped - low) / max(high - low, 1e-5))
    }

    /// `save_image`: half is added before the truncation, and clamped with the rest.
    private static func byte(_ unit: Float) -> UInt8 {
        UInt8(min(max(unit * 255 + 0.5, 0), 255))
    }
}
