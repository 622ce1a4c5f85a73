/// A structure that holds tensors: a layer, a network, an optimizer's moments. One requirement; the rest follows from it.
public protocol Module {
    /// Calls `visit` with each tensor and its name, always in the same order. Names of parts are joined by dots.
    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void)
}

extension Module {
    /// Visits the tensors under a name put before theirs.
    public mutating func visitParameters(under prefix: String, _ visit: (String, inout Tensor) -> Void) {
        visitParameters { visit("\(prefix).\($0)", &$1) }
    }

    /// The tensors, in the order of visiting.
    public var parameters: [Tensor] {
        var result: [Tensor] = []
        var copy = self
        copy.visitParameters { result.append($1) }
        return result
    }

    /// The names of the tensors, in the order of visiting.
    public var parameterNames: [String] {
        var result: [String] = []
        var copy = self
        copy.visitParameters { name, _ in result.append(name) }
        return result
    }

    /// The number of numbers in all tensors.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

    /// The same structure with other tensors, listed in the order of visiting.
    public func replacingParameters(_ tensors: some Collection<Tensor>) -> Self {
        var rest = tensors[...]
        var copy = self
        copy.visitParameters { name, tensor in
            guard let next = rest.popFirst() else { preconditionFailure("no tensor left for parameter \(name)") }
            precondition(next.shape == tensor.shape, "parameter \(name) has shape \(tensor.shape), not \(next.shape)")
            tensor = next
        }
        precondition(rest.isEmpty, "\(rest.count) tensors are left over")
        return copy
    }

    /// The same structure with each tensor changed.
    public func mapParameters(_ transform: (Tensor) -> Tensor) -> Self {
        replacingParameters(parameters.map(transform))
    }

    /// The same structure, each tensor made from those at its place in this and another.
    public func zipParameters(_ other: Self, _ transform: (Tensor, Tensor) -> Tensor) -> Self {
        replacingParameters(zip(parameters, other.parameters).map(transform))
    }

    /// The same structure with zeros in place of every number.
    public var zeros: Self { mapParameters { .zeros($0.shape) } }
}

extension Optional: Module where Wrapped: Module {
    /// Visits the tensors of the module, if there is one.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) { self?.visitParameters(visit) }
}

extension Array: Module where Element: Module {
    /// Visits the tensors of each element under its index.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        for index in indices { self[index].visitParameters(under: "\(index)", visit) }
    }
}

/// The value of a scalar function of a module, what else it returns, and the gradient as a module of the same structure.
public func valueAndGradient<M: Module, Extra>(
    at module: M, rematerializing: Bool = false, of function: (M) -> (loss: Tensor, extra: Extra)
) -> (loss: Tensor, extra: Extra, gradient: M) {
    var extra: Extra?
    let result = valueAndGradient(
        of: { parameters in
            let output = function(module.replacingParameters(parameters))
            extra = output.extra
            return output.loss
        }, at: module.parameters, rematerializing: rematerializing)
    return (result.value, extra!, module.replacingParameters(result.gradient))
}
