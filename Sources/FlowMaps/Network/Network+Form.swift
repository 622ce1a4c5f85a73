import Tensors

extension Network {
    /// The network in the form of a student: conditioned on the step's end, and with its head.
    /// - Parameters:
    ///   - isGuided: the student is conditioned on a guidance scale too.
    ///   - image: the shape of a sample that is an image.
    public func formed(_ form: MapForm, isGuided: Bool, image: ImageShape?, key: RandomKey) -> Network {
        let scalars: [EmbeddedScalar] =
            (form.conditioning == .duration ? [.duration] : []) + (isGuided ? [.guidance] : [])
        return embedding(scalars, key: key).decoupled(form.conditioning, key: key)
            .with(form.head, image: image, key: key.folding("head"))
    }

    private func decoupled(_ conditioning: StepConditioning, key: RandomKey) -> Network {
        guard case .decoupled(let early) = conditioning else { return self }
        switch self {
        case .mlp(var mlp):
            mlp.decouple(early: early, key: key)
            return .mlp(mlp)
        case .sit(var sit):
            sit.decouple(early: early)
            return .sit(sit)
        case .mpMLP, .mpSiT, .preconditioned, .noisePrediction:
            preconditionFailure("only mlp and sit are decoupled")
        }
    }

    /// The parts that a velocity's network lacks.
    public var form: MapForm {
        switch self {
        case .mlp(let mlp): mlp.form
        case .sit(let sit): sit.form
        case .mpMLP, .mpSiT, .preconditioned, .noisePrediction: .plain
        }
    }

    /// The network is conditioned on the step's end, as a flow map is and a velocity is not.
    public var isMap: Bool {
        embeddedScalars.contains(.duration) || embeddedScalars.contains(.end) || form != .plain
    }
}
