@testable import CPU
@testable import Tensors

/// Carries out a schedule in float64, stage by stage, with nothing to read but what is given and what stages left in memory: a
/// value that a stage computes again is computed again, and one that nothing keeps is gone.
struct ScheduleInterpreter {
    private let graph: Graph
    private var memory: [Int: [Double]] = [:]
    /// Of the stage that is carried out.
    private var own: [Int: [Double]] = [:]

    /// - Parameter stored: values that stages leave in memory.
    /// - Returns: the values of the outputs, then those of the updates.
    static func results(
        _ graph: Graph, _ schedule: Schedule, stored: Set<Int>, _ inputs: [[Double]]
    ) -> [[Double]] {
        var interpreter = ScheduleInterpreter(graph, inputs)
        for stage in schedule.stages {
            interpreter.own = [:]
            for value in stage.all.sorted() { interpreter.own[value] = interpreter.made(value) }
            for value in stage.values where stored.contains(value) {
                interpreter.memory[value] = interpreter.own[value]
            }
        }
        interpreter.own = [:]
        return (graph.outputs + graph.updates).map(interpreter.elements)
    }

    private init(_ graph: Graph, _ inputs: [[Double]]) {
        self.graph = graph
        for (value, content) in graph.values.enumerated() {
            switch content.origin {
            case .input(let index): memory[value] = inputs[index]
            case .constant(let storage): memory[value] = storage.values.map(Double.init)
            case .number(let number): memory[value] = [number]
            case .work: break
            }
        }
    }

    /// The elements of a view in order.
    private func elements(_ view: View) -> [Double] {
        guard let numbers = own[view.value] ?? memory[view.value] else {
            preconditionFailure("value \(view.value) is read before it is made")
        }
        return Self.places(view).map { numbers[$0] }
    }

    /// Where the elements of a view lie, in order.
    private static func places(_ view: View) -> [Int] {
        var places = [view.offset]
        for (extent, stride) in zip(view.extents, view.strides) {
            places = places.flatMap { place in (0..<extent).map { place + $0 * stride } }
        }
        return places
    }

    private func made(_ value: Int) -> [Double] {
        let shape = graph.values[value].shape
        switch graph.work(value)! {
        case .elementwise(let code, let views): return Self.apply(code, views.map(elements), count: shape.count)
        case .random(let distribution, let key, let step):
            return distribution.draw(shape.count, key: key, step: Float(elements(step)[0])).map(Double.init)
        case .sum(let view, let fold): return folded(elements(view), fold, 0, +)
        case .max(let view, let fold): return folded(elements(view), fold, -.infinity, max)
        case .matmul(let a, let b, let place, let bias):
            return put([(product(a, b, bias), place)], count: shape.count)
        case .attention(let part, let heads, let views):
            return Program(inputs: views.map { Shape($0.extents) }) { [part.plain($0, heads: heads)] }
                .evaluate(views.map(elements))[0]
        case .gather(let table, let indices):
            let rows = elements(table), columns = table.extents[1]
            return elements(indices).flatMap { rows[(Int($0) * columns)..<((Int($0) + 1) * columns)] }
        case .scatterAdd(let updates, let indices):
            var result = Array(repeating: 0.0, count: shape.count)
            let rows = elements(updates), columns = shape[1]
            for (position, index) in elements(indices).enumerated() where (0..<shape[0]).contains(Int(index)) {
                for column in 0..<columns { result[Int(index) * columns + column] += rows[position * columns + column] }
            }
            return result
        case .assemble(let parts, _): return put(parts.map { (elements($0.part), $0.place) }, count: shape.count)
        }
    }

    private static func apply(_ code: Int32, _ x: [[Double]], count: Int) -> [Double] {
        if code == Code.copy { return x[0] }
        if code == Code.select { return (0..<count).map { x[0][$0] != 0 ? x[1][$0] : x[2][$0] } }
        if let function = Unary.allCases.first(where: { Code.unary($0) == code }) { return x[0].map(function.value) }
        guard let function = Binary.allCases.first(where: { Code.binary($0) == code }) else {
            preconditionFailure("no elementwise operation has the code \(code)")
        }
        return zip(x[0], x[1]).map(function.value)
    }

    private func folded(
        _ x: [Double], _ fold: Graph.Fold, _ initial: Double, _ combine: (Double, Double) -> Double
    ) -> [Double] {
        (0..<(fold.outer * fold.inner)).map { index in
            let (outer, inner) = index.quotientAndRemainder(dividingBy: fold.inner)
            return (0..<fold.reduced).reduce(initial) {
                combine($0, x[(outer * fold.reduced + $1) * fold.inner + inner])
            }
        }
    }

    private func product(_ a: View, _ b: View, _ bias: View?) -> [Double] {
        let axes = a.extents.count, (m, k, n) = (a.extents[axes - 2], a.extents[axes - 1], b.extents[axes - 1])
        let (x, y, row) = (elements(a), elements(b), bias.map(elements))
        return (0..<(a.extents.dropLast(2).reduce(1, *) * m * n)).map { index in
            let (cell, column) = index.quotientAndRemainder(dividingBy: n)
            let batch = cell / m
            let sum = (0..<k).reduce(0) { $0 + x[cell * k + $1] * y[(batch * k + $1) * n + column] }
            return sum + (row?[column] ?? 0)
        }
    }

    /// Parts put where they go, among zeros.
    private func put(_ parts: [(numbers: [Double], place: View)], count: Int) -> [Double] {
        var result = Array(repeating: 0.0, count: count)
        for (numbers, view) in parts {
            for (number, place) in zip(numbers, Self.places(view)) { result[place] = number }
        }
        return result
    }
}

extension Schedule.Stage {
    /// The values that the stage makes or computes again.
    var all: [Int] {
        switch self {
        case .single(let value): [value]
        case .fused(let values, let rematerialized): values + rematerialized
        }
    }
}
