extension StateSource {
    /// The data set as it is.
    static let plainData = StateSource.data(augmentation: Augmentation(kinds: [], strength: 0))
    /// Noise with the end point that the teacher makes of it. The published samples are a million or more; this is for small ones.
    static let teacherPairs = StateSource.teacherSamples(count: 20_000, sampler: .heun(steps: 32), coupling: .paired)
}
