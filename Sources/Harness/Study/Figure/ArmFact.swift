/// A fact about an arm that a table shows besides its scores.
package enum ArmFact: String, CaseIterable, Sendable {
    /// "yes" where the student sees samples of the data set.
    case dataBased
    /// The student's use of a teacher.
    case teacher
    /// The number of network evaluations per sample.
    case evaluations
    /// The number of steps of the training.
    case steps
    /// The images seen in the training: its steps times its batch.
    case images
    /// The cost of the training in forward passes of one sample.
    case cost
    /// The seconds of the training.
    case seconds
    /// The number of finished runs, and of diverged ones.
    case runs
}
