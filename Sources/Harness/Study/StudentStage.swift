import Specification

/// The training of a student as a stage: the training, and the steps at which its weights are stored for evaluations.
///
/// The identity is that of the training alone, so that other metrics, samples or sampling steps find the same
/// weights.
public struct StudentStage: Codable, Hashable, Sendable {
    package let training: TrainingStage
    /// The steps at which the weights of the moving average are stored, rising; the last is the end of the training.
    package let snapshots: [Int]
    /// The name in messages, of the first run that needed it: "training of objective=combined,seed=0".
    package let title: String

    /// - Parameter snapshots: in any order.
    package init(training: TrainingStage, snapshots: [Int], title: String) {
        (self.training, self.title) = (training, title)
        self.snapshots = Set(snapshots).sorted()
    }

    package var identity: Identity { training.identity }

    /// The steps at which averages are kept: those of the evaluations, and the regular ones of a post-hoc average.
    package var keptSteps: [Int] {
        let optimization = training.student.optimization
        guard let averages = optimization.ema.stored else { return snapshots }
        return Set(snapshots + averages.steps(of: optimization.steps)).sorted()
    }

    /// The same training with the steps of another evaluation besides its own.
    package func adding(_ steps: [Int]) -> StudentStage {
        StudentStage(training: training, snapshots: snapshots + steps, title: title)
    }
}
