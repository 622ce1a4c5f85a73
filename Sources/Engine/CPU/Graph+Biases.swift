import Tensors

/// Fuses biases into the matrix products before them.
extension Graph {
    /// Has each product whose rows get a bias, and that nothing else reads, add it as it writes them: a pass less over what it
    /// makes, and over it in every fused kernel that reads it, 2 % of a perceptron's step.
    mutating func fuseBiases(_ precision: Precision) {
        let works = liveWork
        var reads: [Int: Int] = [:]
        for view in works.flatMap({ work($0)!.operands }) + outputs + updates { reads[view.value, default: 0] += 1 }
        for value in works {
            guard case .elementwise(Code.binary(.add), let terms) = work(value) else { continue }
            for (product, bias) in [(terms[0], terms[1]), (terms[1], terms[0])] where reads[product.value] == 1 {
                guard let sum = self.matmul(product, adding: bias, for: value, precision) else { continue }
                remake(value, by: sum)
                break
            }
        }
    }

    private func matmul(_ view: View, adding bias: View, for value: Int, _ precision: Precision) -> Work? {
        guard case .matmul(let a, let b, let place, nil) = work(view.value), place.extents.count == 2,
            place.isContiguous, view.isWhole(of: values[view.value].shape), !ProductStack.takes(a, b, place: place),
            ProductMethod(a, b, precision).addsBias, !isNumber(bias.value), bias.strides.last == 1,
            bias.strides.dropLast().allSatisfy({ $0 == 0 }), bias.extents.last == place.extents[1]
        else { return nil }
        var row = bias
        (row.extents, row.strides) = ([place.extents[1]], [1])
        return .matmul(a, b, place: place.ofValue(value), bias: row)
    }
}
