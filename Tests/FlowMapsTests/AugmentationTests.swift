import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Augmentation") struct AugmentationTests {
    private static let rows = 400
    private let key = RandomKey(seed: 61)
    /// Images of two channels, three high and four wide, whose pixels are all different and not background.
    private let data: TrainingData = {
        let shape = ImageShape(channels: 2, height: 3, width: 4)
        let pixels = RandomKey(seed: 6).uniform(count: 24 * AugmentationTests.rows).map { 0.5 * $0 + 0.25 }
        return TrainingData(
            Dataset(name: "noise", samples: pixels, dimension: 24, imageShape: shape, valueRange: -1...1))
    }()

    private func augmented(_ kinds: [Augmentation.Kind], _ strength: Double, step: Double = 1) -> [Float] {
        let augmentation = Augmentation(kinds: kinds, strength: strength)
        return Tensor.materialized([augmentation(data.samples, of: data, key: key, step: Tensor(step))])[0]
    }

    private var original: [Float] { Tensor.materialized([data.samples])[0] }

    private func image(_ images: [Float], _ row: Int) -> [Float] { Array(images[24 * row..<24 * (row + 1)]) }

    private func mirror(_ image: [Float]) -> [Float] { (0..<24).map { image[$0 / 4 * 4 + 3 - $0 % 4] } }

    @Test("strength 0 is the identity, bit for bit", arguments: Augmentation.Kind.allCases)
    func identity(kind: Augmentation.Kind) { #expect(mismatch(augmented([kind], 0), original) == nil) }

    @Test("a strength above 0 changes something; no kinds change nothing", arguments: Augmentation.Kind.allCases)
    func change(kind: Augmentation.Kind) {
        #expect(mismatch(augmented([kind], 0.5), original) != nil)
        #expect(mismatch(augmented([], 1), original) == nil)
    }

    @Test("the same key and step give the same images, another step others", arguments: Augmentation.Kind.allCases)
    func determinism(kind: Augmentation.Kind) {
        #expect(mismatch(augmented([kind], 1), augmented([kind], 1)) == nil)
        #expect(mismatch(augmented([kind], 1), augmented([kind], 1, step: 2)) != nil)
    }

    @Test("a flip mirrors an image with probability strength / 2 and leaves the others", arguments: [1, 0.4])
    func flip(strength: Double) {
        let (before, after) = (original, augmented([.flip], strength))
        let mirrored = (0..<Self.rows).count { image(after, $0) == mirror(image(before, $0)) }
        let same = (0..<Self.rows).count { image(after, $0) == image(before, $0) }
        #expect(mirrored + same == Self.rows)
        // Four standard errors of a binomial count.
        let error = 4 * (Double(Self.rows) * strength / 2 * (1 - strength / 2)).squareRoot()
        #expect(abs(Double(mirrored) - Double(Self.rows) * strength / 2) < error)
    }

    @Test("a mirrored image mirrored again is what it was")
    func twice() {
        let warp = Warp(data.image!, background: -1)
        #expect(mismatch(Tensor.materialized([warp.mirrored(warp.mirrored(data.samples))])[0], original) == nil)
        #expect(mismatch(Tensor.materialized([warp.mirrored(data.samples)])[0], original) != nil)
    }

    @Test(
        "a shift by whole pixels moves them exactly, and what comes in is background",
        arguments: [(0, 0), (1, 0), (0, 1), (-2, 1), (3, -2), (4, 0), (-1, -3)])
    func shift(right: Int, down: Int) {
        let warp = Warp(data.image!, background: -1)
        let moved = warp.shift(
            data.samples, right: Tensor(Double(right)).broadcast(to: [Self.rows, 1]),
            down: Tensor(Double(down)).broadcast(to: [Self.rows, 1]))
        let (before, after) = (original, Tensor.materialized([moved])[0])
        let isRight = after.indices.allSatisfy { place in
            let (row, column) = (place / 4 % 3 - down, place % 4 - right)
            let isInside = (0..<3).contains(row) && (0..<4).contains(column)
            return after[place] == (isInside ? before[place - 4 * down - right] : -1)
        }
        #expect(isRight)
    }

    @Test("a shift by half a pixel is the mean of neighbours, of background at the edge")
    func halfPixel() {
        let warp = Warp(data.image!, background: -1)
        let half = Tensor(0.5).broadcast(to: [Self.rows, 1]), none = Tensor.zeros([Self.rows, 1])
        let (before, after) = (original, Tensor.materialized([warp.shift(data.samples, right: half, down: none)])[0])
        // Half of a sum of two float32 numbers below 1, rounded a few times.
        let rounding: Float = 1e-6
        let worst = after.indices.map { place in
            let left = place % 4 == 0 ? -1 : before[place - 1]
            return abs(after[place] - 0.5 * (left + before[place]))
        }.max()!
        #expect(worst < rounding)
    }

    @Test("a shift reaches strength times a quarter of the image, both ways on both axes")
    func reach() {
        // At strength 1 by up to one pixel of four, and three quarters of one of three: a pixel two away is never read,
        // so an image that is background but for its first column stays so in the last two.
        let shape = ImageShape(channels: 1, height: 3, width: 4)
        let column = (0..<12).map { Float($0 % 4 == 0 ? 1 : 0) }
        let images = TrainingData(
            Dataset(
                name: "columns", samples: (0..<Self.rows).flatMap { _ in column }, dimension: 12, imageShape: shape,
                valueRange: 0...1))
        let shifted = Augmentation(kinds: [.shift], strength: 1)(images.samples, of: images, key: key, step: Tensor(1))
        let values = Tensor.materialized([shifted])[0]
        #expect(values.indices.allSatisfy { $0 % 4 < 2 || values[$0] == 0 })
        // The share that has moved into the second column is the shift itself where it is to the right. In the middle
        // row, which no background reaches from above or below by less than a whole pixel.
        let moved = stride(from: 5, to: values.count, by: 12).map { values[$0] }
        #expect(moved.max()! > 0.95 && moved.max()! <= 1)
        // To the left half of the images go, and nothing comes in there.
        let left = Double(moved.count { $0 == 0 }) / Double(Self.rows)
        #expect(abs(left - 0.5) < 4 * (0.25 / Double(Self.rows)).squareRoot())
    }

    @Test("contrast scales an image by one factor in 1 − strength · (0, 0.8)", arguments: [1, 0.25])
    func contrast(strength: Double) {
        let (before, after) = (original, augmented([.contrast], strength))
        let factors = (0..<Self.rows).map { after[24 * $0] / before[24 * $0] }
        let (low, high) = (Float(1 - 0.8 * strength), Float(1))
        #expect(factors.allSatisfy { $0 > low && $0 < high })
        // Of 400 uniform numbers, one is in each end's tenth but with probability 10⁻¹⁸.
        #expect(factors.min()! < low + 0.1 * (high - low) && factors.max()! > high - 0.1 * (high - low))
        // Float32 rounding of a product.
        let rounding: Float = 1e-6
        #expect(after.indices.allSatisfy { abs(after[$0] - factors[$0 / 24] * before[$0]) < rounding })
    }

    @Test("kinds are carried out in their order, each on numbers of its own")
    func order() {
        let both = augmented([.flip, .contrast], 1)
        let flipped = augmented([.flip], 1)
        let factors = zip(augmented([.contrast], 1), original).map { $0 / $1 }
        // Float32 rounding of a product and a quotient.
        let rounding: Float = 1e-6
        #expect(both.indices.allSatisfy { abs(both[$0] - factors[$0] * flipped[$0]) < rounding })
    }

    @Test("a strength outside [0, 1] is refused")
    func refused() {
        let violation = #expect(throws: Violation.self) { try Augmentation(kinds: [.flip], strength: 1.5).validate() }
        #expect(violation?.description == "strength: found 1.5, allowed: from 0 to 1")
        #expect(throws: Never.self) { try Augmentation(kinds: [], strength: 1).validate() }
    }

    @Test("a quarter turn moves every pixel of a square, and a turn by nothing moves none")
    func quarterTurn() {
        let square = (0..<9).map(Float.init)
        let warp = Warp(ImageShape(channels: 1, height: 3, width: 3), background: -1)
        func turned(_ angle: Double) -> [Float] {
            Tensor.materialized([warp.rotated(Tensor(square, shape: [1, 9]), by: Tensor(angle).broadcast(to: [1, 1]))])[
                0]
        }
        #expect(mismatch(turned(0), square) == nil)
        // Counterclockwise: the last column becomes the first row. The sine of π/2 is rounded, and so are the places.
        let rounding: Float = 1e-5
        let expected: [Float] = [2, 5, 8, 1, 4, 7, 0, 3, 6]
        #expect(zip(turned(.pi / 2), expected).allSatisfy { abs($0 - $1) < rounding })
    }

    @Test("noise has mean 0 and a standard deviation of strength / 2", arguments: [1, 0.5])
    func noise(strength: Double) {
        let added = zip(augmented([.noise], strength), original).map { Double($0 - $1) }
        let count = Double(added.count)
        let mean = added.reduce(0, +) / count
        let deviation = (added.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
        // Five standard errors of a mean and of a deviation of 9,600 normal numbers.
        #expect(abs(mean) < 5 * strength / 2 / count.squareRoot())
        #expect(abs(deviation - strength / 2) < 5 * strength / 2 / (2 * count).squareRoot())
    }

    @Test("an erased rectangle takes its share of an image, and leaves the rest", arguments: [1, 0.5])
    func erase(strength: Double) {
        let (before, after) = (original, augmented([.erase], strength))
        // Background is -1, and every pixel is above 0: what an image lost is a share of what it would lose in whole.
        let shares = before.indices.map { Double((before[$0] - after[$0]) / (before[$0] + 1)) }
        let rounding = 1e-5
        #expect(shares.allSatisfy { $0 > -rounding && $0 < 1 + rounding })
        let area = (strength / 2) * (strength / 2) * 12
        for channel in 0..<2 * Self.rows {
            let lost = shares[12 * channel..<12 * channel + 12].reduce(0, +)
            #expect(abs(lost - area) < rounding * 12)
        }
    }

    @Test("a blur keeps even images, takes from contrast, and is a bell along either axis")
    func blur() {
        let shape = ImageShape(channels: 2, height: 3, width: 4)
        let blur = Blur(shape, deviation: 2)
        func blurred(_ pixels: [Float]) -> [Float] {
            Tensor.materialized([blur(Tensor(pixels, shape: [pixels.count / 24, 24]))])[0]
        }
        // Float32 rounding of sums of twelve products.
        let rounding: Float = 1e-5
        #expect(blurred([Float](repeating: 0.7, count: 24)).allSatisfy { abs($0 - 0.7) < rounding })
        let first = image(original, 0)
        let result = blurred(first)
        for channel in 0..<2 {
            let (before, after) = (first[12 * channel..<12 * channel + 12], result[12 * channel..<12 * channel + 12])
            #expect(after.max()! - after.min()! < before.max()! - before.min()!)
            #expect(after.max()! < before.max()! && after.min()! > before.min()!)
        }
        // A single bright pixel spreads by the product of two bells.
        var spot = [Float](repeating: 0, count: 24)
        spot[5] = 1
        let spread = blurred(spot)
        #expect(spread[..<12].allSatisfy { $0 > 0 } && spread[12...].allSatisfy { $0 == 0 })
        // Columns of the first row: exp(−d²/8) over their column's sum, for d = 1, 0, 1, 2.
        func bell(_ distance: Int) -> Double { exp(-Double(distance * distance) / 8) }
        let bells = (0..<4).map { column -> Double in
            let sum: Double = (0..<4).reduce(0.0) { $0 + bell($1 - column) }
            return bell(column - 1) / sum
        }
        for column in 0..<4 {
            let found = Double(spread[4 + column] / spread[5]), expected = bells[column] / bells[1]
            #expect(abs(found - expected) < 1e-5)
        }
    }
}
