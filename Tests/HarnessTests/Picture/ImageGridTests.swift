import Storage
import Testing

@Suite("Images are placed on a grid as torchvision places them")
struct ImageGridTests {
    /// The canvas as rows of bytes.
    private func rows(_ image: PNGImage) -> [[UInt8]] {
        let stride = image.width * image.color.channels
        return (0..<image.height).map { Array(image.pixels[$0 * stride..<($0 + 1) * stride]) }
    }

    @Test("three images in two columns, padding 1")
    func layout() {
        // Each image is [1, 2] pixels; 1/255 is the byte 1.
        let values = (1...6).map { Float($0) / 255 }
        let grid = ImageGrid(values, shape: [3, 1, 1, 2], valueRange: 0...1, columns: 2, padding: 1, padValue: 1)
        let p: UInt8 = 255
        #expect(
            rows(grid.image) == [
                [p, p, p, p, p, p, p],
                [p, 1, 2, p, 3, 4, p],
                [p, p, p, p, p, p, p],
                [p, 5, 6, p, p, p, p],
                [p, p, p, p, p, p, p],
            ])
    }

    @Test("the canvas has (height + padding) · rows + padding rows, and no more columns than images")
    func canvas() {
        let ten = ImageGrid([Float](repeating: 1, count: 10 * 8 * 6), shape: [10, 1, 8, 6], valueRange: 0...1).image
        #expect(ten.height == 22)  // (8 + 2) · 2 + 2
        #expect(ten.width == 66)  // (6 + 2) · 8 + 2
        let three = ImageGrid([Float](repeating: 1, count: 3 * 8 * 6), shape: [3, 1, 8, 6], valueRange: 0...1).image
        #expect(three.height == 12)  // (8 + 2) · 1 + 2
        #expect(three.width == 26)  // (6 + 2) · 3 + 2
    }

    @Test("a single image has no padding")
    func single() {
        let image = ImageGrid([0, 1], shape: [1, 1, 1, 2], valueRange: 0...1).image
        #expect(rows(image) == [[0, 255]])
    }

    @Test("values are clamped to the range and rounded half up")
    func rounding() {
        // In -1...1, 0 is 127.5 of 255, which half added makes 128; 1/255 below is 127.
        let values: [Float] = [-1, 0, 1, -7, 7, -1 / 255 - 0.001, .infinity, -.infinity, .nan]
        let image = ImageGrid(values, shape: [1, 1, 1, 9], valueRange: -1...1).image
        #expect(image.pixels == [0, 128, 255, 0, 255, 127, 255, 0, 0])
    }

    @Test("a range of one value does not divide by zero")
    func emptyRange() {
        #expect(ImageGrid([3, 3], shape: [1, 1, 1, 2], valueRange: 3...3).image.pixels == [0, 0])
    }

    @Test("colour planes become colour pixels")
    func color() {
        // [channels, height, width]: red 10 20, green 30 40, blue 50 60.
        let values: [Float] = [10, 20, 30, 40, 50, 60]
        let image = ImageGrid(values, shape: [1, 3, 1, 2], valueRange: 0...255).image
        #expect(image.color == .rgb)
        #expect(image.pixels == [10, 30, 50, 20, 40, 60])
    }

    @Test("pixels are enlarged before the padding, which is not")
    func scale() {
        let image = ImageGrid([1, 2, 3, 4], shape: [2, 1, 1, 2], valueRange: 0...255, scale: 2, padding: 1).image
        #expect(
            rows(image) == [
                [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                [0, 1, 1, 2, 2, 0, 3, 3, 4, 4, 0],
                [0, 1, 1, 2, 2, 0, 3, 3, 4, 4, 0],
                [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            ])
    }

    @Test("stacked arms make one row each")
    func stacked() {
        let image = ImageGrid.stacked(
            rows: [[1, 2, 3], [4, 5, 6]], imageShape: [1, 1, 1], valueRange: 0...255, padding: 1
        ).image
        #expect(
            rows(image) == [
                [0, 0, 0, 0, 0, 0, 0],
                [0, 1, 0, 2, 0, 3, 0],
                [0, 0, 0, 0, 0, 0, 0],
                [0, 4, 0, 5, 0, 6, 0],
                [0, 0, 0, 0, 0, 0, 0],
            ])
    }

    @Test("values that do not fill the shape are the programmer's fault")
    func unfilled() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ImageGrid([1, 2], shape: [1, 2, 1, 1], valueRange: 0...1)
        }
        #expect(said("2 values, [1, 2, 1, 1] is not their [count, channels 1 or 3, height, width]", result))
    }

    @Test("arms with unequal counts of images are the programmer's fault")
    func unequal() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ImageGrid.stacked(rows: [[1, 2], [1]], imageShape: [1, 1, 1], valueRange: 0...1)
        }
        #expect(said("rows of [2, 1] values are not equally many images of [1, 1, 1]", result))
    }
}
