/// What a curve over training is drawn over.
public enum Effort: String, Codable, CaseIterable, Sendable {
    case steps, samples, passes, seconds
}
