import CPU
import Tensors

extension Tensor {
    /// The values of tensors that depend on no placeholder, computed on this machine's processor, which never fails.
    public static func materialized(_ tensors: [Tensor]) -> [[Float]] { onCPU { try materialized(tensors, on: $0) } }
}

/// The result of what needs a backend, with this machine's processor, whose compiler throws nothing.
public func onCPU<Result>(_ body: (CPUBackend) throws -> Result) -> Result {
    do { return try body(CPUBackend()) } catch { fatalError("the processor's backend has thrown \(error)") }
}
