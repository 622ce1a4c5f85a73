@testable import CPU
@testable import Tensors

/// A random program as a list of steps: it can be traced, printed, and cut down to what shows a fault.
///
/// Values are numbered in the order of the steps, each of which makes one.
struct RandomProgram {
    struct Step {
        let name: String
        var operands: [Int]
        let shape: Shape
        var action: Action
    }

    enum Action {
        /// A leaf, with the numbers that it has in the first run.
        case state([Float]), input([Float])
        case operation(([Tensor]) -> Tensor)
        case derivative(Derivative, Body)
    }

    /// What is made of a function of variables. The operands are the variables, then a direction for each or the result's
    /// cotangent, then what the function captures.
    enum Derivative {
        case value, tangent
        case cotangent(of: Int)
    }

    /// A function whose values are numbered from its variables on, then what it captures, then its steps; the last is the result.
    struct Body {
        let variables: Int
        var steps: [Step]

        func callAsFunction(_ variables: [Tensor], capturing captured: [Tensor]) -> Tensor {
            var values = variables + captured
            for step in steps { values.append(step.made(of: values)) }
            return values[values.count - 1]
        }
    }

    var steps: [Step]
    var outputs: [Int]
    /// For each state the value that it becomes.
    var updates: [Int]

    var states: [Int] { steps.indices.filter { if case .state = steps[$0].action { true } else { false } } }
    var inputs: [Int] { steps.indices.filter { if case .input = steps[$0].action { true } else { false } } }

    /// What the program is run with first, states before inputs.
    var arguments: [[Float]] {
        (states + inputs).map { leaf in
            switch steps[leaf].action {
            case .state(let numbers), .input(let numbers): numbers
            case .operation, .derivative: preconditionFailure("a step is no leaf")
            }
        }
    }

    var program: Program {
        Program(state: states.map { steps[$0].shape }, inputs: inputs.map { steps[$0].shape }) { state, inputs in
            let values = values(state + inputs)
            state = updates.map { values[$0] }
            return outputs.map { values[$0] }
        }
    }

    /// The program as a function of all leaves, states before inputs, to something else.
    func program(giving body: (_ results: [Tensor], _ values: [Tensor]) -> [Tensor]) -> Program {
        Program(inputs: (states + inputs).map { steps[$0].shape }) { leaves in
            let values = values(leaves)
            return body((outputs + updates).map { values[$0] }, values)
        }
    }

    /// The results as a function of all leaves, states before inputs.
    func callAsFunction(_ leaves: [Tensor]) -> [Tensor] {
        let values = values(leaves)
        return (outputs + updates).map { values[$0] }
    }

    private func values(_ leaves: [Tensor]) -> [Tensor] {
        let tensors = Dictionary(uniqueKeysWithValues: zip(states + inputs, leaves))
        var values: [Tensor] = []
        for (index, step) in steps.enumerated() { values.append(tensors[index] ?? step.made(of: values)) }
        return values
    }
}

extension RandomProgram.Step {
    func made(of values: [Tensor]) -> Tensor {
        let operands = operands.map { values[$0] }
        switch action {
        case .state, .input: preconditionFailure("a leaf is made of nothing")
        case .operation(let apply): return apply(operands)
        case .derivative(let derivative, let body):
            let variables = Array(operands[..<body.variables]), rest = Array(operands[body.variables...])
            switch derivative {
            case .value: return body(variables, capturing: rest)
            case .tangent:
                let captured = Array(rest[body.variables...])
                return jvp(
                    { [body($0, capturing: captured)] }, at: variables, along: Array(rest[..<body.variables])
                ).tangents[0]
            case .cotangent(let variable):
                let captured = Array(rest[1...])
                return vjp({ [body($0, capturing: captured)] }, at: variables, cotangents: { _ in [rest[0]] })
                    .gradient[variable]
            }
        }
    }
}

extension RandomProgram: CustomStringConvertible {
    /// A line a value.
    var description: String {
        let names = updates.indices.map { "v\(states[$0]) becomes v\(updates[$0])" }
        let results = ["gives " + outputs.map { "v\($0)" }.joined(separator: ", ")] + names
        return Self.lines(steps, from: 0, indent: "") + results.joined(separator: "; ")
    }

    private static func lines(_ steps: [Step], from first: Int, indent: String) -> String {
        steps.enumerated().map { place, step in
            let operands = step.operands.map { "v\($0)" }.joined(separator: ", ")
            let line = "\(indent)v\(first + place) = \(step.name)(\(operands)) \(step.shape)\n"
            guard case .derivative(let derivative, let body) = step.action else { return line }
            let captured = step.operands.count - body.variables - derivative.count(body.variables)
            return line + lines(body.steps, from: body.variables + captured, indent: indent + "    ")
        }.joined()
    }
}

extension RandomProgram.Derivative {
    /// Operands between the variables and what is captured.
    func count(_ variables: Int) -> Int {
        switch self {
        case .value: 0
        case .tangent: variables
        case .cotangent: 1
        }
    }
}
