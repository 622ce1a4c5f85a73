/// The measure along the axis of a curve over training.
public enum TrainingAxis: String, Codable, CaseIterable, Sendable {
    case steps, samples, passes, seconds
}
