/// Sums, products and what is made of them.

extension Tensor {
    /// Sum over axes, all of them by default; they go unless kept with extent 1.
    public func sum(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        if let (number, rest) = asMultiple { return number * rest.sum(axes, keepingAxes: keepingAxes) }
        return reduced(axes, keepingAxes: keepingAxes, ofEqual: { $0 * Double($1) }) { .sum(axes: $0) }
    }

    /// Largest value over axes, all of them by default; they go unless kept with extent 1.
    public func max(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        reduced(axes, keepingAxes: keepingAxes, ofEqual: { value, _ in value }) { .max(axes: $0) }
    }

    /// Mean over axes, all of them by default; they go unless kept with extent 1.
    public func mean(_ axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        let count = (axes ?? Array(0..<rank)).reduce(1) { $0 * shape[$1] }
        return sum(axes, keepingAxes: keepingAxes) / Double(count)
    }

    /// A number times another tensor, where this one is: a sum is multiplied after, when it has fewer elements.
    private var asMultiple: (number: Double, rest: Tensor)? {
        guard case .binary(.multiply) = node.primitive else { return nil }
        let factors = node.inputs.map { Tensor($0) }
        if let number = factors[0].scalarValue { return (number, factors[1]) }
        return factors[1].scalarValue.map { ($0, factors[0]) }
    }

    /// - Parameter ofEqual: the reduction of a number of equal elements, which needs no pass over them.
    private func reduced(
        _ axes: [Int]?, keepingAxes: Bool, ofEqual: (Double, Int) -> Double, _ primitive: (Range<Int>) -> Primitive
    ) -> Tensor {
        let axes = Set((axes ?? Array(0..<rank)).map(shape.resolve))
        var result = self
        if let value = scalarValue, shape.count > 0 {
            let kept = shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
            result = Tensor(ofEqual(value, shape.count / Shape(kept).count)).broadcast(to: Shape(kept))
        }
        // One primitive a run of neighbouring axes.
        for run in Self.runs(of: axes.sorted()) where run.contains(where: { result.shape[$0] != 1 }) {
            let kept = result.shape.dimensions.enumerated().map { run.contains($0.offset) ? 1 : $0.element }
            result = Tensor(primitive(run), [result], shape: Shape(kept))
        }
        if keepingAxes { return result }
        return result.reshaped(to: Shape((0..<rank).filter { !axes.contains($0) }.map { shape[$0] }))
    }

    private static func runs(of axes: [Int]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for axis in axes {
            if let last = runs.last, last.upperBound == axis {
                runs[runs.count - 1] = last.lowerBound..<(axis + 1)
            } else {
                runs.append(axis..<(axis + 1))
            }
        }
        return runs
    }

    /// The matrix product […, m, k] · […, k, n] over equal leading axes, or […, m, k] · [k, n].
    public func matmul(_ other: Tensor) -> Tensor {
        precondition(
            rank >= 2 && other.rank >= 2 && shape[-1] == other.shape[-2],
            "shapes \(shape) and \(other.shape) have no matrix product")
        if other.rank == 2 && rank > 2 {
            let rows = shape.count / shape[-1]
            return reshaped(to: [rows, shape[-1]]).matmul(other)
                .reshaped(to: shape.replacing(-1, with: other.shape[1]))
        }
        precondition(
            shape.dimensions.dropLast(2) == other.shape.dimensions.dropLast(2),
            "shapes \(shape) and \(other.shape) differ in their leading axes")
        return Tensor(.matmul, [self, other], shape: shape.replacing(-1, with: other.shape[-1]))
    }
}

/// Softmax along the last axis.
public func softmax(_ a: Tensor) -> Tensor {
    let weights = exp(a - stopGradient(a.max([-1], keepingAxes: true)))
    // One reciprocal a row, not one division an element.
    return weights * reciprocal(weights.sum([-1], keepingAxes: true))
}

/// log Σ exp along the last axis, which goes.
public func logSumExp(_ a: Tensor) -> Tensor {
    let peak = stopGradient(a.max([-1], keepingAxes: true))
    return log(exp(a - peak).sum([-1])) + peak.reshaped(to: Shape(a.shape.dimensions.dropLast()))
}

extension Tensor {
    /// Random numbers of a key at a step (a whole number below 2²⁴ in a scalar tensor), uniform on (0, 1).
    public static func uniform(_ shape: Shape, key: RandomKey, step: Tensor = Tensor(0)) -> Tensor {
        random(.uniform, shape, key, step)
    }

    /// Random numbers of a key at a step (a whole number below 2²⁴ in a scalar tensor), standard normal.
    public static func normal(_ shape: Shape, key: RandomKey, step: Tensor = Tensor(0)) -> Tensor {
        random(.normal, shape, key, step)
    }

    /// Whole numbers 0 ..< below of a key at a step (a whole number below 2²⁴ in a scalar tensor), uniform.
    public static func integers(below: Int, _ shape: Shape, key: RandomKey, step: Tensor = Tensor(0)) -> Tensor {
        precondition((1...(1 << 24)).contains(below), "whole numbers of a float end at 2²⁴, not \(below)")
        return random(.integers(below: below), shape, key, step)
    }

    private static func random(_ distribution: RandomDistribution, _ shape: Shape, _ key: RandomKey, _ step: Tensor)
        -> Tensor
    {
        precondition(step.shape == [], "the step is a scalar, not of shape \(step.shape)")
        return Tensor(.random(distribution, key), [step], shape: shape)
    }
}
