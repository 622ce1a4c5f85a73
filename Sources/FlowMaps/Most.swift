/// The largest counts that a specification may say. Each is far above what anybody trains, so that what is beyond is a slip of the
/// hand, and so far below 2^63 that no product of a few of them overflows.
package enum Most {
    /// Seeds are numbers of axes and attributes of records too, which hold whole numbers exactly up to 2^53.
    package static let seed = 1 << 53
    /// Units of a layer: one of more has over 4·10^9 weights, 16 GiB.
    package static let width = 1 << 16
    /// Layers: a step is one program, which grows by some ten operations a layer.
    package static let depth = 1 << 10
    /// Frequencies of a number that a network is told; of more, neighbours are the same in float32.
    package static let frequencies = 1 << 12
    /// Radians a unit of time: above, float32 has no digits of a time's phase left.
    package static let frequency = 1e7
    /// Pixels along a patch.
    package static let patch = 1 << 10
    /// Places on a grid of times: float32 tells no more apart below 1.
    package static let places = 1 << 20
    /// Steps of a sampler: its error is below float32's rounding long before.
    package static let samplerSteps = 100_000
    /// What is written out within a step's program: substeps, places, updates, stages, components.
    package static let unrolled = 1 << 10
    /// Samples that are drawn or judged at a time.
    package static let samples = 1 << 24
    /// Samples of a set that is drawn, or of a bank: a row of them is 4 bytes a number.
    package static let setSize = 1 << 27
    /// Measurements of a training, each with all of its samples.
    package static let measurements = 100_000
    /// Directions of a sliced distance.
    package static let projections = 1 << 20
    /// Classes of a data set.
    package static let classes = 1 << 20
    /// Evaluations of a search for one sample.
    package static let budget = 1 << 30
    /// Scales of guidance: what is multiplied by more leaves float32 within a few steps.
    package static let guidance = 1e6
    /// Powers of residuals: by a higher one the weights of rows are 0 or infinite in float32.
    package static let power = 32.0
    /// Factors of losses, residuals and noise.
    package static let factor = 1e12
}
