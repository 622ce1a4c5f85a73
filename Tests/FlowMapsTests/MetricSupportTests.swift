import Tensors
import Testing

@testable import FlowMaps

@Suite("Precision, recall, density and coverage")
struct MetricSupportTests {
    private func normal(_ count: Int, _ dimension: Int, seed: UInt64) -> [Float] {
        RandomKey(seed: seed).normal(count: count * dimension)
    }

    private func distance(_ a: [Float], _ i: Int, _ b: [Float], _ j: Int, _ dimension: Int) -> Double {
        (0..<dimension).reduce(0) { sum, axis in
            let difference = Double(a[i * dimension + axis]) - Double(b[j * dimension + axis])
            return sum + difference * difference
        }
    }

    /// The definitions, point by point in double precision.
    private func bruteForce(_ reference: [Float], _ samples: [Float], _ dimension: Int) -> SupportOverlap.Result {
        let (n, m) = (samples.count / dimension, reference.count / dimension)
        func radii(_ points: [Float], _ k: Int) -> [Double] {
            let count = points.count / dimension
            return (0..<count).map { i in
                (0..<count).filter { $0 != i }.map { distance(points, i, points, $0, dimension) }.sorted()[k - 1]
            }
        }
        let (wide, near, own) = (radii(reference, 3), radii(reference, 5), radii(samples, 3))
        func gap(_ j: Int, _ i: Int) -> Double { distance(samples, j, reference, i, dimension) }
        let inside = (0..<n).count { j in (0..<m).contains { gap(j, $0) <= wide[$0] } }
        let recalled = (0..<m).count { i in (0..<n).contains { gap($0, i) <= own[$0] } }
        let held = (0..<n).reduce(0) { sum, j in sum + (0..<m).count { gap(j, $0) <= near[$0] } }
        let covered = (0..<m).count { i in (0..<n).contains { gap($0, i) <= near[i] } }
        return SupportOverlap.Result(
            precision: Double(inside) / Double(n), recall: Double(recalled) / Double(m),
            density: Double(held) / (5 * Double(n)), coverage: Double(covered) / Double(m))
    }

    @Test("are those of the definition, point by point", arguments: [(2, 0.3), (7, 0.5), (33, 0.1)])
    func definition(dimension: Int, shift: Double) {
        // Numbers of rows that are no multiple of a block's.
        let reference = normal(131, dimension, seed: 1)
        let samples = normal(150, dimension, seed: 2).map { $0 * 0.9 + Float(shift) }
        let found = SupportOverlap(reference: reference, dimension: dimension)(samples)
        #expect(found == bruteForce(reference, samples, dimension))
        #expect((0.05..<1).contains(found.recall), "the sets are meant to overlap in part")
    }

    @Test("of a set with itself are one but for the density, whose balls hold their own centre too")
    func same() {
        let samples = normal(300, 4, seed: 3)
        let found = SupportOverlap(reference: samples, dimension: 4)(samples)
        // Each ball holds its five neighbours and its centre. The centre's distance is a rounding away from zero.
        #expect(found == .init(precision: 1, recall: 1, density: 6.0 / 5, coverage: 1))
    }

    @Test("samples on half of the clusters have all precision and half the recall and coverage")
    func clusters() {
        // Two clusters of ten points, far apart, the samples near those of the first.
        let cluster = normal(10, 2, seed: 4)
        let reference = cluster + cluster.map { $0 + 1000 }
        let found = SupportOverlap(reference: reference, dimension: 2)(cluster)
        #expect(found.precision == 1 && found.recall == 0.5 && found.coverage == 0.5)
        let none = SupportOverlap(reference: reference, dimension: 2)(cluster.map { $0 - 1000 })
        #expect(none == .init(precision: 0, recall: 0, density: 0, coverage: 0))
    }

    @Test("samples all at one point of the reference have all precision and next to no recall")
    func collapsed() {
        let reference = normal(200, 3, seed: 5)
        let samples = (0..<200).flatMap { _ in [Float](repeating: 0, count: 3) }
        let found = SupportOverlap(reference: reference, dimension: 3)(samples)
        #expect(found.precision == 1 && found.recall == 0)
        #expect(found.density > 0 && found.coverage < 0.2)
    }

    @Test("depend neither on the order of samples nor on a shift of both sets")
    func invariant() {
        let (reference, samples) = (normal(120, 2, seed: 6), normal(120, 2, seed: 7).map { $0 * 1.2 })
        let found = SupportOverlap(reference: reference, dimension: 2)(samples)
        let order = RandomKey(seed: 8).permutation(of: 120)
        #expect(
            SupportOverlap(reference: reference, dimension: 2)(order.flatMap { samples[2 * $0...2 * $0 + 1] }) == found)
        // A power of two small enough that float32 keeps the digits that decide.
        let moved = SupportOverlap(reference: reference.map { $0 + 16 }, dimension: 2)(samples.map { $0 + 16 })
        #expect(moved == found)
    }

    @Test("of two samples of one distribution are near one, the precision less so in many dimensions")
    func distribution() {
        let found = SupportOverlap(reference: normal(2000, 2, seed: 9), dimension: 2)(normal(2000, 2, seed: 10))
        // Over seeds their standard deviations are below 0.01; the density's is 0.03.
        #expect(found.precision > 0.93 && found.recall > 0.93 && found.coverage > 0.93)
        #expect(abs(found.density - 1) < 0.1)
    }

    @Test("samples that are not finite give NaN", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) {
        let reference = normal(20, 2, seed: 11)
        let found = SupportOverlap(reference: reference, dimension: 2)(normal(19, 2, seed: 12) + [value, 0])
        #expect(found.precision.isNaN && found.recall.isNaN && found.density.isNaN && found.coverage.isNaN)
    }
}
