/// The key `evaluation.classes`: how the classes are chosen that samples are made of.
public enum EvaluationClasses: String, Codable, Hashable, Sendable, CaseIterable {
    /// In turn, each as often as any other, or in the data's shares where a score compares samples with the data: the variance of a
    /// score is the smallest, and a grid has a class a column. A study that says nothing has these.
    case even
    /// Each sample's drawn by itself from the shared seed: uniformly, or as that of a random row of the data where a score compares
    /// samples with the data.
    case random
}
