import FlowMaps
import Study

/// What a study's trainings leave on the disk.
extension Plan {
    /// The weights that the trainings of all runs keep for evaluations.
    package struct KeptWeights: Sendable {
        package let trainings: Int
        /// Copies of a student's weights, one for each step that some evaluation measures.
        package let copies: Int
        /// In float32, without what a file adds.
        package let bytes: Double
    }

    /// The weights of the trainings that the runs share among them.
    package var keptWeights: KeptWeights {
        var trainings: [TrainingStage: Set<Int>] = [:]
        for run in study.runs {
            let student = RunStage(run: run).student
            trainings[student.training, default: []].formUnion(student.snapshots)
        }
        var copies = 0, bytes = 0.0
        for (training, steps) in trainings {
            let kept = study.keepsFinalWeights ? 1 : steps.count
            copies += kept
            bytes +=
                4 * Double(kept)
                * training.network.weightCount(dimension: training.data.dimension, image: training.data.image)
        }
        return KeptWeights(trainings: trainings.count, copies: copies, bytes: bytes)
    }

    /// The programs that stages would run which are not done, each once.
    package var plugIns: [PlugIn] {
        var programs: [PlugIn] = []
        for program in pending.flatMap(\.stage.plugIns) where !programs.contains(program) { programs.append(program) }
        return programs
    }
}
