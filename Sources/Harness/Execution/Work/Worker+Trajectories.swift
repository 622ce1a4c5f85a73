import Tensors
import FlowMaps
import Results

extension Worker {
    /// The ways of the first noises; nil where none are asked for or the teacher's are not known.
    func trajectories(
        _ count: Int?, of student: some FlowMap, along path: TeacherPath?, _ noise: Tensor, given condition: Condition
    ) throws -> Trajectories? {
        guard let count, let path else { return nil }
        let dimension = noise.shape[1], start = noise.slice(0..<count)
        let noiseTime = Tensor(Interpolant.noiseTime).broadcast(to: [count, 1])
        let states = try path.curve.durations.map { duration in
            let end = Tensor(Interpolant.noiseTime - duration).broadcast(to: [count, 1])
            let state = student(start, from: noiseTime, to: end, given: condition.prefix(count))
            return try Tensor.materialized([state], on: backend)[0]
        }
        let origin = try Tensor.materialized([start], on: backend)[0]
        return Trajectories(
            durations: [0] + path.curve.durations, student: [origin] + states,
            teacher: [origin] + path.curve.states.map { Array($0[..<(count * dimension)]) }, dimension: dimension)
    }
}
