import FlowMaps
import Results
import Study

/// An evaluation on its way: what was measured so far, from which a killed one is resumed.
struct EvaluationCourse {
    private(set) var measured: TrainingCheckpoint.Course
    private let attempt: Attempt
    private let evaluation: Evaluation
    private let steps, dimension: Int

    /// Resumes from the attempt's checkpoint, if there is one.
    init(attempt: Attempt, specification: RunSpecification, dimension: Int) {
        (self.attempt, self.dimension) = (attempt, dimension)
        (evaluation, steps) = (specification.evaluation, specification.student.optimization.steps)
        measured = attempt.checkpoint?.course ?? .init()
    }

    /// The steps of the training that are still to be measured.
    var toMeasure: [Int] {
        evaluation.measuredSteps(of: steps).filter { !measured.evaluation.steps.contains($0) }
    }

    /// The first samples, as many as a record saves.
    func saved(_ samples: [Float]) -> [Float] { Array(samples.prefix(evaluation.savedSamples * dimension)) }

    /// Adds the measurement of a step.
    /// - Parameter evaluated: the saved samples, and their scores, for each number of sampling steps.
    mutating func measure(_ step: Int, _ evaluated: [(samples: [Float], scores: Scores)]) throws {
        let scores = evaluated.dropFirst().reduce(evaluated[0].scores) { $0.appending($1.scores) }
        if measured.evaluation.names.isEmpty { measured.evaluation = Curves(names: scores.names) }
        measured.evaluation.append(step: step, scores.values)
        measured.samples = evaluated.flatMap(\.samples)
        if let count = evaluation.sampleSnapshots {
            measured.overTraining.append(Array(evaluated[0].samples.prefix(count * dimension)))
        }
        try attempt.checkLimits()
        // After the last measurement the record is written anyway.
        if step < steps { try attempt.saveIfDue(measured, at: measured.evaluation.steps.count) }
    }

    /// Writes a checkpoint of what was measured, where the stage is to stop.
    func saveBeforeStop() throws { try attempt.saveIfDue(measured, at: measured.evaluation.steps.count) }

    /// The first samples of each measurement; nil where the specification requests none.
    var sampleSnapshots: SampleSnapshots? {
        guard !measured.overTraining.isEmpty else { return nil }
        return SampleSnapshots(
            steps: measured.evaluation.steps, values: measured.overTraining, dimension: dimension)
    }

    /// The samples of the last measurement, beside the teacher's.
    func saved(in steps: [Int], beside teacher: [Float], _ labels: [Int]?) -> SavedSamples? {
        guard evaluation.savedSamples > 0, !measured.samples.isEmpty else { return nil }
        let size = evaluation.savedSamples * dimension
        func samples(_ index: Int) -> [Float] { Array(measured.samples[index * size..<(index + 1) * size]) }
        return SavedSamples(
            student: samples(0), teacher: Array(teacher[..<size]),
            labels: labels.map { Array($0[..<evaluation.savedSamples]) }, dimension: dimension,
            inSteps: steps.indices.dropFirst().map { .init(steps: steps[$0], values: samples($0)) })
    }
}
