import Foundation

/// Pictures of another size, as the data sets of this field are made: the same numbers as Pillow's `resize` gives.
extension PNGImage {
    /// A kernel that the pixels of a smaller or larger picture are sums by.
    package enum Kernel: Sendable {
        /// The mean over a pixel's area.
        case area
        /// Cubic with a = −1/2 (Keys, "Cubic convolution interpolation for digital image processing", 1981), widened where the
        /// picture becomes smaller.
        case bicubic

        /// Half its width in pixels of the smaller picture.
        fileprivate var support: Double { self == .area ? 0.5 : 2 }

        fileprivate func callAsFunction(_ distance: Double) -> Double {
            switch self {
            case .area: return distance > -0.5 && distance <= 0.5 ? 1 : 0
            case .bicubic:
                let a = -0.5, x = abs(distance)
                if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
                return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
            }
        }
    }

    /// A square of `side` pixels: the picture is halved by area while its shorter side is at least twice `side`, resampled by the
    /// cubic kernel until the shorter side is `side`, and its centre is cut out (ADM's centre crop, arXiv 2105.05233).
    package func centreCropped(to side: Int) -> PNGImage {
        precondition(side > 0, "a side of \(side)")
        var picture = self
        while min(picture.width, picture.height) >= 2 * side {
            picture = picture.resized(width: picture.width / 2, height: picture.height / 2, by: .area)
        }
        let scale = Double(side) / Double(min(picture.width, picture.height))
        func scaled(_ length: Int) -> Int { Int((Double(length) * scale).rounded(.toNearestOrEven)) }
        picture = picture.resized(width: scaled(picture.width), height: scaled(picture.height), by: .bicubic)
        return picture.cut(x: (picture.width - side) / 2, y: (picture.height - side) / 2, side: side)
    }

    private func cut(x: Int, y: Int, side: Int) -> PNGImage {
        let channels = color.channels
        let rows = (y..<y + side).flatMap { row -> ArraySlice<UInt8> in
            let start = (row * width + x) * channels
            return pixels[start..<start + side * channels]
        }
        return PNGImage(width: side, height: side, color: color, pixels: rows)
    }

    /// The picture of another size. Rows are resampled first and rounded to bytes, then columns.
    package func resized(width newWidth: Int, height newHeight: Int, by kernel: Kernel) -> PNGImage {
        precondition(newWidth > 0 && newHeight > 0, "a picture of \(newWidth) × \(newHeight)")
        let channels = color.channels
        var result = self
        if newWidth != width {
            let windows = Self.windows(from: width, to: newWidth, by: kernel)
            var pixels = [UInt8](repeating: 0, count: height * newWidth * channels)
            for row in 0..<height {
                Self.resample(
                    self.pixels, from: row * width * channels, step: channels, lanes: channels, into: &pixels,
                    at: row * newWidth * channels, windows)
            }
            result = PNGImage(width: newWidth, height: height, color: color, pixels: pixels)
        }
        guard newHeight != height else { return result }
        let windows = Self.windows(from: height, to: newHeight, by: kernel)
        var pixels = [UInt8](repeating: 0, count: newHeight * newWidth * channels)
        // A row of all columns and channels at once.
        Self.resample(
            result.pixels, from: 0, step: newWidth * channels, lanes: newWidth * channels, into: &pixels, at: 0, windows
        )
        return PNGImage(width: newWidth, height: newHeight, color: color, pixels: pixels)
    }

    /// The pixels that one of the new picture is a sum of, with their weights in units of 2⁻²².
    private struct Window {
        let start: Int
        let weights: [Int32]
    }

    /// The bits of fractions: as many as leave 8 bits and a sign for sums beyond 255, as in Pillow.
    private static let fractionBits = 32 - 8 - 2

    private static func windows(from length: Int, to newLength: Int, by kernel: Kernel) -> [Window] {
        let scale = Double(length) / Double(newLength), stretch = max(scale, 1)
        let support = kernel.support * stretch
        return (0..<newLength).map { place in
            let centre = (Double(place) + 0.5) * scale
            let start = max(0, Int(centre - support + 0.5)), end = min(length, Int(centre + support + 0.5))
            let weights = (start..<end).map { kernel((Double($0) - centre + 0.5) / stretch) }
            let sum = weights.reduce(0, +)
            return Window(
                start: start,
                weights: weights.map { weight in
                    let share = (sum == 0 ? weight : weight / sum) * Double(1 << fractionBits)
                    // Halves away from zero, by truncation.
                    return Int32(share < 0 ? share - 0.5 : share + 0.5)
                })
        }
    }

    /// Sums of `lanes` numbers that lie side by side, over places `step` apart.
    private static func resample(
        _ source: [UInt8], from start: Int, step: Int, lanes: Int, into target: inout [UInt8], at targetStart: Int,
        _ windows: [Window]
    ) {
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                for (place, window) in windows.enumerated() {
                    for lane in 0..<lanes {
                        var sum: Int32 = 1 << (fractionBits - 1), from = start + window.start * step + lane
                        for weight in window.weights {
                            sum &+= Int32(source[from]) &* weight
                            from += step
                        }
                        target[targetStart + place * step + lane] = UInt8(clamping: sum >> fractionBits)
                    }
                }
            }
        }
    }
}
