/// Samples of a teacher that are not finite, which nothing can be compared with.
struct NotFinite: Error, CustomStringConvertible {
    let description: String

    /// Refuses samples of which a number is not finite.
    /// - Parameters:
    ///   - samples: [count · dimension].
    ///   - what: "the teacher's samples".
    static func check(_ samples: [Float], dimension: Int, _ what: String) throws {
        let count = count(of: samples, dimension: dimension)
        guard count > 0 else { return }
        throw NotFinite(
            description: "\(count) of \(what) are not finite (\(samples.count / dimension) were made): "
                + "its weights, its sampler or its guidance let them grow without bound")
    }

    /// The samples that have a number that is not finite.
    static func count(of samples: [Float], dimension: Int) -> Int {
        stride(from: 0, to: samples.count, by: dimension).count { start in
            samples[start..<start + dimension].contains { !$0.isFinite }
        }
    }
}
