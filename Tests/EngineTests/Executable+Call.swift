import TestSupport

@testable import CPU
@testable import Tensors

extension Executable {
    /// Sets the leading inputs, runs once and returns the outputs.
    func callAsFunction(_ values: [[Float]] = []) -> [[Float]] {
        for (index, value) in values.enumerated() { write(value, to: index) }
        run()
        return program.outputs.indices.map(output)
    }

    /// Sets the leading inputs to tensors that depend on no placeholder.
    func write(_ tensors: [Tensor]) { onCPU { try write(tensors, computedOn: $0) } }
}
