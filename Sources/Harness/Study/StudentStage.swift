import Specification

/// The training of a student as a piece of work: what is trained, and at which steps its weights are kept for evaluations.
///
/// The identity is that of the training alone, so that another metric, other samples or other sampling steps find the same weights.
public struct StudentStage: Codable, Hashable, Sendable {
    package let training: TrainingStage
    /// The steps at which the weights of the moving average are kept, rising; the last is the end of the training.
    package let snapshots: [Int]
    /// A name for people, of the first run that asked for it: "training of objective=combined,seed=0".
    package let title: String

    /// - Parameter snapshots: in any order.
    package init(training: TrainingStage, snapshots: [Int], title: String) {
        (self.training, self.title) = (training, title)
        self.snapshots = Set(snapshots).sorted()
    }

    package var identity: Identity { training.identity }

    /// The same training with the steps of another evaluation besides its own.
    package func adding(_ steps: [Int]) -> StudentStage {
        StudentStage(training: training, snapshots: snapshots + steps, title: title)
    }
}
