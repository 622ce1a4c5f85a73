import Tensors

/// Moves the pixels of images that lie as rows [n, channels · height · width].
struct Warp {
    private let image: ImageShape
    private let background: Double
    /// The column, the row and the channel's first place of each element of an image: [1, d].
    private let column, row, channel: Tensor

    init(_ image: ImageShape, background: Double) {
        (self.image, self.background) = (image, background)
        let places = 0..<(image.channels * image.height * image.width)
        func each(_ value: (Int) -> Int) -> Tensor {
            Tensor(places.map { Float(value($0)) }, shape: [1, places.count])
        }
        column = each { $0 % image.width }
        row = each { $0 / image.width % image.height }
        channel = each { $0 / (image.width * image.height) * (image.width * image.height) }
    }

    /// Images mirrored left to right.
    func mirrored(_ samples: Tensor) -> Tensor {
        read(samples, columns: Double(image.width - 1) - column, rows: row)
    }

    /// Images moved by pixels [n, 1] to the right and down, linearly interpolated.
    func shift(_ samples: Tensor, right: Tensor, down: Tensor) -> Tensor {
        interpolated(samples, columns: column - right, rows: row - down)
    }

    /// Images turned about their middle by angles [n, 1] in radians, counterclockwise as seen, linearly interpolated.
    func rotated(_ samples: Tensor, by angle: Tensor) -> Tensor {
        let middle = (column: Double(image.width - 1) / 2, row: Double(image.height - 1) / 2)
        let right = column - middle.column, down = row - middle.row
        // Where the pixel that comes here was before: turned back, with rows counting down.
        return interpolated(
            samples, columns: cos(angle) * right - sin(angle) * down + middle.column,
            rows: sin(angle) * right + cos(angle) * down + middle.row)
    }

    /// Images whose pixels from column `left` and row `top`, [n, 1], over `width` and `height` pixels are background; of pixels at
    /// the edge that are partly inside, that part.
    func erased(_ samples: Tensor, left: Tensor, top: Tensor, width: Double, height: Double) -> Tensor {
        /// The share of [place, place + 1] that lies in [start, start + length].
        func covered(_ place: Tensor, _ start: Tensor, _ length: Double) -> Tensor {
            maximum(minimum(place + 1, start + length) - maximum(place, start), Tensor(0))
        }
        let share = covered(column, left, width) * covered(row, top, height)
        return samples + share * (background - samples)
    }

    /// The pixels [n, d] at columns and rows [n, d] between pixels, linearly interpolated.
    private func interpolated(_ samples: Tensor, columns: Tensor, rows: Tensor) -> Tensor {
        let left = floor(columns), top = floor(rows)
        let across = columns - left, along = rows - top
        let upper =
            (1 - across) * read(samples, columns: left, rows: top) + across
            * read(samples, columns: left + 1, rows: top)
        let lower =
            (1 - across) * read(samples, columns: left, rows: top + 1)
            + across * read(samples, columns: left + 1, rows: top + 1)
        return (1 - along) * upper + along * lower
    }

    /// The pixels at whole columns and rows, [n, d] or [1, d]; background outside the image.
    private func read(_ samples: Tensor, columns: Tensor, rows: Tensor) -> Tensor {
        let (count, dimension) = (samples.shape[0], samples.shape[1])
        precondition(
            count * dimension <= Augmentation.mostNumbers,
            "places in [\(count), \(dimension)] are whole numbers of float32, at most \(Augmentation.mostNumbers)")
        let lastColumn = Double(image.width - 1), lastRow = Double(image.height - 1)
        let insideColumn = minimum(maximum(columns, Tensor(0)), Tensor(lastColumn))
        let insideRow = minimum(maximum(rows, Tensor(0)), Tensor(lastRow))
        let isInside = equal(insideColumn, columns) * equal(insideRow, rows)
        let first = Tensor((0..<count).map { Float($0 * dimension) }, shape: [count, 1])
        let places = first + channel + insideRow * Double(image.width) + insideColumn
        let pixels = samples.reshaped(to: [count * dimension, 1]).gather(places).reshaped(to: [count, dimension])
        return select(isInside, pixels, Tensor(background))
    }
}
