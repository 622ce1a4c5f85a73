import FlowMaps

extension Stage {
    /// The device that the study names for a training; nil where it leaves the choice to whoever runs it.
    public var device: Device? {
        let device: Device? =
            switch self {
            case .teacher(let stage): stage.training.training?.optimization.device
            case .classifier(let stage): stage.training.optimization.device
            case .training(let stage): stage.training.student.optimization.device
            case .reference, .run: nil
            }
        return device == .cpu ? nil : device
    }
}
