@testable import CPU
@testable import Tensors

extension RandomProgram {
    /// The smallest program found, by leaving out a part at a time, that fails still.
    /// - Parameter tries: programs looked at, at most.
    func shrunk(tries: Int = 400, _ fails: (RandomProgram) -> Bool) -> RandomProgram {
        var smallest = self, left = tries
        search: while true {
            for candidate in smallest.smaller() {
                guard left > 0 else { break search }
                left -= 1
                if fails(candidate) {
                    smallest = candidate
                    continue search
                }
            }
            break
        }
        return smallest
    }

    /// Programs with one part less each, the boldest cuts first.
    private func smaller() -> [RandomProgram] {
        var result: [RandomProgram] = []
        func add(_ change: (inout RandomProgram) -> Void) {
            var program = self
            change(&program)
            result.append(program.withoutUnused())
        }
        if outputs.count > 1 { for output in outputs { add { $0.outputs = [output] } } }
        if !outputs.isEmpty, !updates.isEmpty { add { $0.outputs = [] } }
        for (index, state) in states.enumerated() where updates[index] != state { add { $0.updates[index] = state } }
        let values = program { $1 }.evaluate(arguments.map { $0.map(Double.init) })
        for index in steps.indices.reversed() {
            switch steps[index].action {
            case .state, .input: continue
            case .operation: break
            case .derivative(let derivative, let body):
                for steps in Self.shorter(body.steps, from: body.given(of: steps[index].operands.count, derivative)) {
                    add {
                        $0.steps[index].action = .derivative(derivative, Body(variables: body.variables, steps: steps))
                    }
                }
            }
            add {
                $0.steps[index] = Step(
                    name: "input", operands: [], shape: steps[index].shape,
                    action: .input(values[index].map { Float($0) }))
            }
        }
        return result
    }

    /// A body's steps with one step left out each, an earlier value of its shape or the step after next in its place.
    private static func shorter(_ steps: [Step], from given: Int) -> [[Step]] {
        steps.indices.dropLast().compactMap { index in
            guard let earlier = steps[..<index].lastIndex(where: { $0.shape == steps[index].shape }) else { return nil }
            var rest = steps
            rest.remove(at: index)
            for later in index..<rest.count {
                rest[later].operands = rest[later].operands.map {
                    $0 == given + index ? given + earlier : $0 > given + index ? $0 - 1 : $0
                }
            }
            return rest
        }
    }

    /// The same without steps that nothing is made of, and without states that only stay.
    private func withoutUnused() -> RandomProgram {
        let states = states
        var isUsed = Array(repeating: false, count: steps.count)
        for value in outputs { isUsed[value] = true }
        for (state, update) in zip(states, updates) where update != state {
            (isUsed[state], isUsed[update]) = (true, true)
        }
        for index in steps.indices.reversed() where isUsed[index] {
            for operand in steps[index].operands { isUsed[operand] = true }
        }
        var place: [Int: Int] = [:]
        for index in steps.indices where isUsed[index] { place[index] = place.count }
        let kept = steps.indices.filter { isUsed[$0] }.map { index in
            var step = steps[index]
            step.operands = step.operands.map { place[$0]! }
            return step
        }
        return RandomProgram(
            steps: kept, outputs: outputs.map { place[$0]! },
            updates: zip(states, updates).filter { isUsed[$0.0] }.map { place[$0.1]! })
    }
}

extension RandomProgram.Body {
    /// Values that the body is given, variables and what it captures, where a step has so many operands.
    fileprivate func given(of operands: Int, _ derivative: RandomProgram.Derivative) -> Int {
        operands - derivative.count(variables)
    }
}
