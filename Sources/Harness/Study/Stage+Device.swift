import FlowMaps

extension Stage {
    /// The device that the study names for a training or an evaluation; nil where it leaves the choice to whoever runs it.
    public var device: Device? {
        switch self {
        case .reference(let stage): return stage.device
        case .run(let stage): return stage.run.specification.evaluation.device
        case .teacher, .classifier, .training: return optimization.flatMap { $0.device == .cpu ? nil : $0.device }
        }
    }

    /// The devices of one machine that its training takes; 1 where it is none.
    public var devices: Int { optimization?.execution.devices ?? 1 }

    private var optimization: Optimization? {
        switch self {
        case .teacher(let stage): stage.training.training?.optimization
        case .classifier(let stage): stage.training.optimization
        case .training(let stage): stage.training.student.optimization
        case .reference, .run: nil
        }
    }
}
