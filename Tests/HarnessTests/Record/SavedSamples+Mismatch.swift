import TestSupport

@testable import Results

/// How kept samples differ, in one line; nil where they do not.
func mismatch(_ found: SavedSamples?, _ expected: SavedSamples?) -> String? {
    guard found != expected else { return nil }
    guard let found, let expected else { return found == nil ? "no samples" : "samples, expected none" }
    func lists(_ samples: SavedSamples) -> [[Float]] {
        [samples.student, samples.teacher] + samples.inSteps.map(\.values)
    }
    return mismatch(lists(found), lists(expected)) ?? "samples of other labels, steps or dimension"
}
