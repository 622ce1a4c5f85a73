import Tensors

/// Samples of a teacher with the noise that they were made from, drawn once before a training: constants of its program.
struct TeacherBank: Sendable {
    /// [count, d] each.
    let noise, samples: Tensor
    /// [count]; nil without classes.
    let labels: Tensor?

    /// Nil for a source that takes no samples of the teacher.
    init?(
        _ source: StateSource, of teacher: TeacherVelocity, guidance: Guidance?, data: TrainingData, key: RandomKey,
        on backend: any Backend
    ) throws {
        guard case .teacherSamples(let count, let sampler, _) = source else { return nil }
        let dimension = data.dimension
        noise = Tensor(key.folding("noise").normal(count: count * dimension), shape: [count, dimension])
        labels =
            data.classes > 0
            ? Tensor(
                key.folding("labels").integers(count: count, below: data.classes).map(Float.init), shape: [count])
            : nil
        // In parts, so that the memory of a large bank is that of one of them.
        let part = 2048, samplers = ProgramCache(backend)
        var values: [Float] = []
        values.reserveCapacity(count * dimension)
        for start in stride(from: 0, to: count, by: part) {
            let rows = start..<min(count, start + part)
            let condition = Condition(labels: labels.map { $0.slice(rows) })
            values += try sampler(
                GuidedVelocity(teacher, guidance), noise: noise.slice(rows), given: condition,
                key: key.folding("way").folding(start), on: samplers)
        }
        samples = Tensor(values, shape: [count, dimension])
    }

    /// Rows drawn with replacement at a step.
    func draw(
        _ count: Int, key: RandomKey, step: Tensor
    ) -> (samples: Tensor, noise: Tensor, condition: Condition) {
        let rows = Tensor.integers(below: samples.shape[0], [count], key: key.folding("rows"), step: step)
        let labels = labels.map { $0.reshaped(to: [samples.shape[0], 1]).gather(rows).reshaped(to: [count]) }
        return (samples.gather(rows), noise.gather(rows), Condition(labels: labels))
    }
}
