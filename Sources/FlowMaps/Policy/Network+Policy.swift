import Tensors

extension Network {
    /// The network with another head. It begins as it was: of the fields of the head those that are velocities are copies of its own,
    /// the means of a mixture apart by numbers that sum to 0, so that all together give the same velocity and none learns as another.
    /// - Parameters:
    ///   - head: the network has that of a velocity.
    ///   - image: the shape of a sample that is an image.
    public func with(_ head: Head, image: ImageShape?, key: RandomKey) -> Network {
        guard head != .velocity else { return self }
        precondition(self.head == .velocity, "a network whose head is \(self.head) gets no other")
        let locations =
            if case .mixture(_, .pixel, _) = head { image.map { $0.height * $0.width } ?? 1 } else { 1 }
        switch self {
        case .mlp(var mlp):
            mlp.output = mlp.output.repeated(head, numbers: mlp.output.bias.shape[0], key: key)
            (mlp.form.head, mlp.locations) = (head, locations)
            return .mlp(mlp)
        case .sit(var sit):
            sit.output = sit.output.repeated(head, numbers: sit.patches.dimension, key: key)
            (sit.form.head, sit.locations) = (head, locations)
            return .sit(sit)
        case .mpMLP, .mpSiT, .preconditioned, .noisePrediction:
            preconditionFailure("only mlp and sit get another head")
        }
    }

    /// The output of the network.
    public var head: Head { form.head }

    /// The policy that it gives at x [n, d] for a step from t to s, [n, 1] each. Its head is a policy's.
    func policy(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> any Policy {
        let output = self(x, time: t, duration: t - s, condition)
        switch head {
        case .velocity: preconditionFailure("a network that gives a velocity has no policy")
        case .mixture(let components, _, _):
            return MixturePolicy(start: x, time: t, output: output, components: components, locations: locations)
        case .grid(let points, _):
            return GridPolicy(
                start: x, time: t, end: s, velocities: output.reshaped(to: [x.shape[0], points, x.shape[1]]))
        }
    }

    private var locations: Int {
        switch self {
        case .mlp(let mlp): mlp.locations
        case .sit(let sit): sit.locations
        case .mpMLP, .mpSiT, .preconditioned, .noisePrediction: 1
        }
    }
}

extension Linear {
    /// The initial distance between the means of a mixture: half of the deviation that data are scaled to.
    private static let spread = 0.5

    /// A layer that gives the fields of a head, the velocities as this one, the others 0.
    /// - Parameter numbers: of its outputs the first that are a velocity.
    fileprivate func repeated(_ head: Head, numbers: Int, key: RandomKey) -> Linear {
        let velocities = head.velocities, rest = (head.fields - velocities) * numbers
        let weight = weight.slice(0..<numbers, axis: 1), bias = bias.slice(0..<numbers)
        var biases = (0..<velocities).map { _ in bias }
        if case .mixture = head {
            let drawn = (0..<velocities).map {
                Self.spread * Tensor.normal([numbers], key: key.folding("component").folding($0))
            }
            let mean = drawn.reduce(Tensor(0), +) / Double(velocities)
            biases = drawn.map { bias + $0 - mean }
        }
        var result = self
        result.weight = .concatenate(
            (0..<velocities).map { _ in weight } + (rest > 0 ? [.zeros([weight.shape[0], rest])] : []), axis: 1)
        result.bias = .concatenate(biases + (rest > 0 ? [.zeros([rest])] : []))
        return result
    }
}
