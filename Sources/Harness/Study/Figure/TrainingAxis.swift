/// What a curve over training is drawn over.
public enum TrainingAxis: String, Codable, CaseIterable, Sendable {
    case steps, samples, passes, seconds
}
