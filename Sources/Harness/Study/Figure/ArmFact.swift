/// What a table says of an arm beside its scores.
package enum ArmFact: String, CaseIterable, Sendable {
    /// Whether the student sees samples of the data set.
    case dataBased
    /// Whether the student needs a teacher.
    case teacher
    /// Network evaluations of a sample.
    case evaluations
    /// Of the training.
    case steps
    /// Of the training, in forward passes of one sample.
    case cost
    /// Of the training.
    case seconds
    /// Those that are done, and how many diverged.
    case runs
}
