import Tensors
import FlowMaps
import Results
import Study

extension Evaluator {
    /// The Fréchet distance between the data that a student is trained at and its teacher's reference samples: as
    /// many samples of the data, augmented as in training. Empty for students that see no data.
    ///
    /// For the teacher's own samples from other noise it would be the floor.
    func discrepancy(of specification: RunSpecification, _ data: TrainingData) throws -> Scores {
        guard let augmentation = specification.student.method.dataAugmentation else { return Scores([]) }
        let key = RandomKey(seed: UInt64(specification.sharedSeed)).folding("discrepancy")
        let count = specification.evaluation.samples, most = Augmentation.mostNumbers / data.dimension
        var samples: [Float] = []
        for (step, start) in stride(from: 0, to: count, by: most).enumerated() {
            let step = Tensor(Double(step + 1))
            let drawn = data.draw(min(most, count - start), key: key.folding("data"), step: step)
            let seen = augmentation(drawn.samples, of: data, key: key.folding("augmentation"), step: step)
            samples += try Tensor.materialized([seen], on: backend)[0]
        }
        return Scores(
            try distance(of: samples, subject: "the data that the student is trained at").map {
                [(ScoreName.dataDiscrepancy, $0)]
            } ?? [])
    }
}

extension Scores {
    /// These and the others after them.
    func appending(_ others: Scores) -> Scores { Scores(Array(zip(names + others.names, values + others.values))) }
}
