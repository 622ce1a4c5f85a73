import Tensors

/// Steps whose batch is computed in equal parts: one after the other on each device, side by side on several.
extension Trainer {
    /// A trainer of such steps. The program of one run computes a part on each device; the last run of a step also updates the state.
    ///
    /// Sums are the same on all devices, and so is the state that follows from them. Two runs of a step differ in nothing but a counter
    /// that is part of the program's state, so that one compiled program serves for all of them, and its length does not grow with the
    /// number of parts.
    /// - Parameters:
    ///   - initial: the state before the first step; its tensors depend on no placeholder.
    ///   - optimization: the parts, and how each is computed.
    ///   - contribution: what one part adds to the sums of a step, given the state, the number of the step, from 1, and that of the part,
    ///     from 0, scalars both.
    ///   - update: changes the state by the sums of all parts, and returns named scalars.
    convenience init<Sums: Module>(
        initial: State, inPartsOf optimization: Optimization, on backend: any Backend,
        contribution: (State, Tensor, Tensor) -> Sums,
        update: (inout State, Sums, Tensor) -> [(name: String, value: Tensor)]
    ) throws {
        let (runs, devices) = (optimization.accumulate, optimization.execution.devices)
        let count = initial.parameters.count
        let sums = contribution(initial, Tensor(1), Tensor(0))
        let shapes = initial.parameters.map(\.shape) + [[]]
        var names: [String] = []
        let program = Program(state: shapes + (runs > 1 ? sums.parameters.map(\.shape) + [[]] : []), inputs: []) {
            tensors, _ in
            let before = initial.replacingParameters(tensors[..<count]), done = tensors[count], step = done + 1
            let run = runs > 1 ? tensors[tensors.count - 1] : Tensor(0)
            let replica = devices > 1 ? Tensor.replica : Tensor(0)
            let part = contribution(before, step, run * Double(devices) + replica)
            var sum = devices > 1 ? part.mapParameters { $0.summedOverReplicas() } : part
            if runs > 1 {
                sum = part.replacingParameters(zip(tensors[shapes.count...], sum.parameters).map { $0 + $1 })
            }
            var after = before
            let measured = update(&after, sum, step)
            names = measured.map(\.name)
            tensors = after.parameters + [step]
            if runs > 1 {
                let isLast = equal(run, Tensor(Double(runs - 1)))
                func chosen(_ last: Tensor, _ other: Tensor) -> Tensor {
                    select(isLast.broadcast(to: other.shape), last, other)
                }
                tensors = zip(tensors, before.parameters + [done]).map { chosen($0, $1) }
                tensors += sum.parameters.map { chosen(.zeros($0.shape), $0) } + [chosen(Tensor(0), run + 1)]
            }
            return measured.map(\.value)
        }
        try self.init(initial, program, names, runsPerStep: runs, optimization.execution, on: backend)
    }
}

extension Tensor {
    /// The rows of one of so many equal parts, whose number, from 0, is a scalar; numbers alone, not a gradient.
    func part(_ part: Tensor, of parts: Int) -> Tensor {
        let rows = shape[0] / parts, width = shape.dimensions.dropFirst().reduce(1, *)
        let places = part * Double(rows) + Tensor((0..<rows).map(Float.init), shape: [rows])
        let found = reshaped(to: [shape[0], width]).gather(places)
        return found.reshaped(to: Shape([rows] + shape.dimensions.dropFirst()))
    }
}

extension Condition {
    /// The conditions of the rows of one of so many equal parts.
    func part(_ part: Tensor, of parts: Int) -> Condition {
        Condition(labels: labels?.part(part, of: parts), guidance: guidance?.part(part, of: parts))
    }
}
