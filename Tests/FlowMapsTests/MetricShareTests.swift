import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Paired errors, mode coverage, accuracy and the sort")
struct MetricShareTests {
    @Test("the paired error is zero for the teacher, one for the noise, and relative to the teacher's way")
    func paired() {
        let (teacher, noise): ([Float], [Float]) = ([1, 2, 3, 4], [1, 0, 3, 0])
        let error = PairedError(teacher: teacher, noise: noise)
        #expect(error(teacher) == 0)
        #expect(error(noise) == 1)
        #expect(error([1, 2, 3, 9]) == 25.0 / 20)
        #expect(error([.nan, 2, 3, 4]).isNaN)
    }

    @Test("mode coverage counts modes, shares and weights as worked out by hand")
    func coverage() {
        let coverage = ModeCoverage(means: [0, 0, 10, 0, 20, 0], weights: [0.5, 0.3, 0.2], standardDeviation: 1)
        func points(_ count: Int, _ x: Float, _ y: Float) -> [Float] { (0..<count).flatMap { _ in [x, y] } }
        // 60 at the first mode, exactly 20 at the rim of the second, 19 at the third, 1 between.
        let result = coverage(points(60, 0, 1) + points(20, 10, 3) + points(19, 20, 0) + points(1, 5, 0))
        #expect(result.coveredModes == 2)
        #expect(result.highQualityShare == 0.99)
        let shares = [60.0 / 99, 20.0 / 99, 19.0 / 99]
        let expected = (abs(shares[0] - 0.5) + abs(shares[1] - 0.3) + abs(shares[2] - 0.2)) / 2
        #expect(abs(result.totalVariation - expected) < 1e-15)
    }

    @Test("a mode needs 5% of its expected samples where that is more than 20")
    func largeCounts() {
        let coverage = ModeCoverage(means: [0, 100], weights: [0.5, 0.5], standardDeviation: 1)
        func samples(_ second: Int) -> [Float] {
            [Float](repeating: 0, count: 2000 - second) + [Float](repeating: 100, count: second)
        }
        #expect(coverage(samples(49)).coveredModes == 1)
        #expect(coverage(samples(50)).coveredModes == 2)
    }

    @Test("samples that are not finite belong to no mode")
    func lost() {
        let coverage = ModeCoverage(means: [0, 100], weights: [0.5, 0.5], standardDeviation: 1)
        #expect(
            coverage([.nan, .infinity, -.infinity])
                == ModeCoverage.Result(coveredModes: 0, highQualityShare: 0, totalVariation: 1))
    }

    @Test("accuracy is the share of greatest logits at the label; the first of equals wins and NaN is wrong")
    func accuracy() {
        let accuracy = ClassAccuracy(labels: [0, 1, 1, 0], classCount: 3)
        #expect(accuracy([2, 1, 0, 0, 3, 1, 5, 0, 0, 0, 1, 2]) == 0.5)
        #expect(accuracy([2, 2, 0, 2, 2, 0, 0, 2, 2, 2, 0, .nan]) == 0.5)
    }

    @Test("rows sort into ascending order, each by itself")
    func sorting() {
        let draw = RandomKey(seed: 1).normal(count: 4 * 301).map { Double($0) * 1e3 }
        var rows = draw
        sortRows(of: &rows, rowLength: 301)
        #expect(
            mismatch(rows, stride(from: 0, to: draw.count, by: 301).flatMap { draw[$0..<$0 + 301].sorted() }) == nil)
        let least = Double.leastNonzeroMagnitude
        var special = [0, -.infinity, least, -least, .infinity, -1, 1e300, 1]
        sortRows(of: &special, rowLength: special.count)
        #expect(special == [-.infinity, -1, -least, 0, least, 1, 1e300, .infinity])
    }
}
