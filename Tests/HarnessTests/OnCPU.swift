import FlowMaps
import TestSupport
import Tensors

@testable import Execution
@testable import Results
@testable import Study

// What needs a backend, on this machine's processor.

extension LocalLauncher {
    init(workerOptions: WorkerOptions = WorkerOptions(), stop: StopRequest = StopRequest()) {
        self.init(on: onCPU { $0 }, workerOptions: workerOptions, stop: stop)
    }
}

extension Worker {
    init(
        results: ResultsFolder, workerOptions: WorkerOptions = WorkerOptions(), stop: StopRequest = StopRequest(),
        report: @escaping @Sendable (Notice) -> Void = { _ in }
    ) {
        self.init(results: results, on: onCPU { $0 }, workerOptions: workerOptions, stop: stop, report: report)
    }
}

extension Sampler {
    func callAsFunction(_ field: some VelocityField, noise: Tensor, given condition: Condition) -> [Float] {
        onCPU { try self(field, noise: noise, given: condition, on: $0) }
    }
}

extension PublishedModel {
    var summary: String { onCPU { try summary(on: $0) } }
}
