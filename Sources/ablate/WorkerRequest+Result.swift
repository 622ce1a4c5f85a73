import Execution

extension WorkerRequest {
    /// Carries out the stage in this process, on the device that it names or else on that of the options.
    func result(stop: StopRequest, report: @escaping @Sendable (Worker.Notice) -> Void = { _ in }) -> StageResult {
        do {
            let backend = try DeviceOption.backend(
                on: stage.device ?? workerOptions.device, slot: workerOptions.slot, devices: stage.devices)
            let worker = Worker(results: results, on: backend, workerOptions: workerOptions, stop: stop) { notice in
                notice.keepProfile(of: stage, in: results)
                report(notice)
            }
            return worker.carryOut(stage)
        } catch {
            return .failed("\(error)")
        }
    }

    /// The request for the training of a run's student; nil for other stages.
    var training: WorkerRequest? {
        guard case .run(let run) = stage else { return nil }
        return WorkerRequest(stage: .training(run.student), results: results, workerOptions: workerOptions)
    }
}
