import FlowMaps
import Study

/// The sets that samples are measured against, with their features.
struct ReferenceSets {
    /// A set with its features.
    struct Member {
        /// [count · dimension].
        let samples: [Float]
        let labels: [Int]?
        let read: FeatureExtractor.Reading
    }

    /// Samples of the teacher from noise of their own.
    let teacher: Member
    /// All rows of the data; nil where nothing is measured against them.
    let data: Member?

    /// The set that a reference names; nil for a file of moments, and for data that are not measured against.
    subscript(reference: MetricReference) -> Member? {
        switch reference {
        case .teacher: teacher
        case .data: data
        case .statistics: nil
        }
    }
}
