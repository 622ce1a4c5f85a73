import Specification

/// Samples that left the finite numbers on their way: a sampler whose steps are too long for the velocity, or weights that are damaged.
package struct SamplesNotFinite: Error, Equatable, CustomStringConvertible {
    /// "the teacher's samples".
    let what: String
    let count, total: Int

    /// Refuses samples of which a number is not finite.
    /// - Parameter samples: `[count × dimension]`, row-major.
    static func check(_ samples: [Float], dimension: Int, _ what: String) throws {
        let total = samples.count / max(1, dimension)
        let count = (0..<total).count { row in
            !samples[row * dimension..<(row + 1) * dimension].allSatisfy(\.isFinite)
        }
        if count > 0 { throw SamplesNotFinite(what: what, count: count, total: total) }
    }

    package var description: String {
        "\(what) diverged: \(count) of \(total) are not finite; shorter steps of the sampler or a smaller scale may help"
    }
}
