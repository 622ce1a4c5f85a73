import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@Suite("Data sets")
struct DataTests {
    @Test("the bundled digits are the 1797 known images, scaled exactly to [-1, 1]")
    func digits() throws {
        let digits = try Dataset.digits()
        #expect(digits.count == 1797)
        #expect(digits.imageShape == ImageShape(channels: 1, height: 8, width: 8))
        #expect(digits.classCount == 10)
        // The first image's first row is 0 0 5 13 9 1 0 0 in pixel values, and it shows a zero.
        #expect(digits.samples[..<8].map { ($0 + 1) * 8 } == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(digits.labels?.prefix(10) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        let range = try #require(digits.valueRange)
        #expect(digits.samples.allSatisfy(range.contains))
        #expect(digits.samples.contains(-1) && digits.samples.contains(1))
        // The classes' counts as the set's authors give them.
        let counts = (0..<10).map { label in digits.labels!.count { $0 == label } }
        #expect(counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    }

    @Test("a split keeps every sample once, near the share asked for, and the same when samples are added")
    func split() {
        func numbered(_ count: Int) -> Dataset {
            Dataset(
                name: "numbers", samples: (0..<count).map(Float.init), dimension: 1, labels: (0..<count).map { $0 % 3 },
                classCount: 3)
        }
        let (training, heldOut) = numbered(2000).split(heldOut: 0.2)
        #expect(mismatch((training.samples + heldOut.samples).sorted(), numbered(2000).samples) == nil)
        // Four standard deviations of a binomial count: 4 √(2000 · 0.2 · 0.8) = 72.
        #expect(abs(heldOut.count - 400) < 72)
        #expect(mismatch(heldOut.labels ?? [], heldOut.samples.map { Int($0) % 3 }) == nil)
        #expect(
            mismatch(numbered(1000).split(heldOut: 0.2).heldOut.samples, heldOut.samples.filter { $0 < 1000 }) == nil)
        #expect(numbered(100).split(heldOut: 0).heldOut.count == 0)
        #expect(numbered(100).split(heldOut: 1).training.count == 0)
    }

    @Test("a split by content does not heed the order, and keeps copies together")
    func splitByContent() {
        let values = (0..<1000).map { Float($0 % 500) }
        func heldOut(_ values: [Float]) -> [Float] {
            Dataset(name: "numbers", samples: values, dimension: 1).split(heldOut: 0.2, by: .content).heldOut.samples
        }
        let first = heldOut(values)
        #expect(mismatch(heldOut(values.reversed()).sorted(), first.sorted()) == nil)
        #expect(mismatch(Array(first.prefix(first.count / 2)), Array(first.suffix(first.count / 2))) == nil)
        // Four standard deviations of a binomial count of 500 pairs: 4 √(500 · 0.2 · 0.8) · 2 = 72.
        #expect(abs(first.count - 200) < 72)
    }

    @Test("selecting keeps samples and labels together, in the order given")
    func selecting() {
        let set = Dataset(name: "three", samples: [1, 2, 3, 4, 5, 6], dimension: 2, labels: [0, 1, 0], classCount: 2)
        let selected = set.selecting([2, 1, 1])
        #expect(selected.samples == [5, 6, 3, 4, 3, 4])
        #expect(selected.labels == [0, 1, 1])
    }
}

@Suite("IDX files")
struct DataIDXTests {
    private let good: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]

    @Test("a matrix of bytes reads with its shape and values")
    func reads() throws {
        let file = try IDX.read(good, file: "a.idx")
        #expect(file.shape == [2, 3])
        #expect(file.values == [1, 2, 3, 4, 5, 6])
        #expect(try IDX.read([0, 0, 8, 1, 0, 0, 0, 0], file: "a.idx").values.isEmpty)
    }

    @Test(
        "a damaged file is refused, by name, with what was found and what is allowed",
        arguments: [
            (
                [31, 139, 8, 0, 9],
                "a.idx: starts with bytes 31 139 8 0; an IDX file of unsigned bytes starts with 0 0 8 and 1 to 4, "
                    + "its dimensions"
            ),
            (
                [0, 0, 13, 1, 0, 0, 0, 0],
                "a.idx: starts with bytes 0 0 13 1; an IDX file of unsigned bytes starts with 0 0 8 and 1 to 4, "
                    + "its dimensions"
            ),
            ([], "a.idx: is empty; an IDX file of unsigned bytes starts with 0 0 8 and 1 to 4, its dimensions"),
            ([0, 0, 8, 2, 0, 0, 0, 2], "a.idx: truncated: 8 bytes, where the header asks for 12"),
            ([0, 0, 8, 1, 0, 0, 0, 3, 1, 2], "a.idx: truncated: 10 bytes, where the header asks for 11"),
            ([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], "a.idx: 1 bytes after the end: 10 bytes, where the header asks for 9"),
            (
                [0, 0, 8, 4] + [UInt8](repeating: 255, count: 16),
                "a.idx: truncated: 20 bytes, where the header asks for 9223372036854775807"
            ),
        ] as [([UInt8], String)])
    func refused(bytes: [UInt8], message: String) {
        let error = #expect(throws: IDXError.self) { try IDX.read(bytes, file: "a.idx") }
        #expect(error?.description == message)
    }
}

@Suite("Planar sets")
struct DataPlanarSetTests {
    /// Mean and standard deviation of 20,000 samples move by less than 0.01 on average; 0.03 is far outside.
    private let sampling = 0.03

    private func set(_ set: PlanarSet, _ count: Int = 20_000) -> Dataset {
        set.dataset(count: count, key: RandomKey(seed: 1))
    }

    @Test("each axis has mean zero and standard deviation one", arguments: PlanarSet.allCases)
    func standardised(planar: PlanarSet) {
        let moments = GaussianMoments(samples: set(planar).samples, dimension: 2)
        for axis in 0..<2 {
            #expect(abs(moments.mean[axis]) < sampling)
            #expect(abs(moments.covariance[3 * axis].squareRoot() - 1) < sampling)
        }
    }

    @Test("every component has its share, and a longer draw begins with the shorter", arguments: PlanarSet.allCases)
    func components(planar: PlanarSet) throws {
        let drawn = set(planar)
        let labels = try #require(drawn.labels)
        for component in 0..<planar.componentCount {
            let share = Double(labels.count { $0 == component }) / Double(drawn.count)
            #expect(abs(share - 1 / Double(planar.componentCount)) < sampling)
        }
        let shorter = set(planar, 100)
        #expect(mismatch(shorter.samples, Array(drawn.samples[..<200])) == nil)
        #expect(mismatch(shorter.labels ?? [], Array(labels[..<100])) == nil)
    }

    @Test("the checkerboard leaves its light squares empty")
    func checkerboard() {
        let samples = set(.checkerboard, 5000).samples.map(Double.init)
        // Standardised, the board [-2, 2]² has half-width √3.
        let unit = 3.0.squareRoot() / 2
        for index in 0..<5000 {
            let (column, row) = ((samples[2 * index] / unit + 2).rounded(.down), samples[2 * index + 1] / unit + 2)
            #expect(Int(column + row.rounded(.down)) % 2 == 0)
        }
    }

    @Test("the rings lie at their radii and the eight Gaussians at their means")
    func places() throws {
        let rings = set(.rings, 8000)
        let spread = (30.0 / 128 + 0.08 * 0.08).squareRoot()
        for ring in 0..<4 {
            let members = rings.labels!.indices.filter { rings.labels![$0] == ring }
            let square = members.reduce(0.0) { total, index in
                total + Double(rings.samples[2 * index]) * Double(rings.samples[2 * index])
                    + Double(rings.samples[2 * index + 1]) * Double(rings.samples[2 * index + 1])
            }
            let radius = Double(ring + 1) / 4
            let expected = (radius * radius + 2 * 0.08 * 0.08) / (spread * spread)
            #expect(abs(square / Double(members.count) / expected - 1) < sampling)
        }
        let modes = PlanarSet.eightGaussiansModes
        let coverage = ModeCoverage(
            means: modes.means, weights: [Double](repeating: 1.0 / 8, count: 8),
            standardDeviation: modes.standardDeviation)
        let result = coverage(set(.eightGaussians).samples)
        #expect(result.coveredModes == 8)
        // Four standard errors of a share of 1 - exp(-9/2) among 20,000.
        #expect(abs(result.highQualityShare - (1 - exp(-4.5))) < 4 * (0.9889 * 0.0111 / 20_000).squareRoot())
        #expect(result.totalVariation < sampling)
    }

    @Test("the two spirals are each other's reflections in the origin")
    func spirals() {
        let drawn = set(.spirals)
        let samples = drawn.samples.map(Double.init)
        for arm in 0..<2 {
            let members = drawn.labels!.indices.filter { drawn.labels![$0] == arm }
            let mean = members.reduce(0.0) { $0 + samples[2 * $1] } / Double(members.count)
            // E(-n cos n) = 4/(3π) for n with density 2n/(3π)²; over 3, and over the axis' standard deviation.
            let end = 3 * Double.pi
            let deviation = ((end * end / 4 + 0.75) / 9 + 0.01).squareRoot()
            #expect(abs(mean - (arm == 0 ? 1 : -1) * 4 / end / 3 / deviation) < sampling)
        }
    }
}
