import Tensors

extension Network {
    /// The network in the form of a student: scalars where its steps end, and with another head.
    /// - Parameters:
    ///   - isGuided: whether it is scalars the scale of a guidance.
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
        case .mpMLP, .mpSiT, .preconditioned: preconditionFailure("only mlp and sit are decoupled")
        }
    }

    /// What it has beside a velocity's network.
    public var form: MapForm {
        switch self {
        case .mlp(let mlp): mlp.form
        case .sit(let sit): sit.form
        case .mpMLP, .mpSiT, .preconditioned: .plain
        }
    }

    /// Whether it is scalars where a step ends, as a flow map is and a velocity is not.
    public var isMap: Bool { embeddedScalars.contains(.duration) || form != .plain }
}
