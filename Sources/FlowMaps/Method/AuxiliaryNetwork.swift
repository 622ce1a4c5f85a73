import Tensors

/// The network of the student's own velocity v_N: a copy of the teacher that learns, or the teacher with adapters that do.
public enum AuxiliaryNetwork: Module, Sendable {
    case copy(Network)
    case adapted(LowRankAdaptation)

    /// The auxiliary before its first step: it computes the teacher's velocity.
    public init(_ teacher: Network, adapters: LowRankAdapters?, key: RandomKey) {
        self = adapters.map { .adapted(LowRankAdaptation(teacher, $0, key: key)) } ?? .copy(teacher)
    }

    /// The network that is evaluated.
    public var network: Network {
        switch self {
        case .copy(let network): network
        case .adapted(let adaptation): adaptation.network
        }
    }

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        switch self {
        case .copy(var network):
            network.visitParameters(visit)
            self = .copy(network)
        case .adapted(var adaptation):
            adaptation.visitParameters(visit)
            self = .adapted(adaptation)
        }
    }
}

/// Adapters of low rank (LoRA, arXiv 2106.09685), as a specification describes them.
public struct LowRankAdapters: Codable, Hashable, Sendable, Validated {
    /// The rank of each adapter; a smaller matrix has its shorter side as rank.
    public let rank: Int

    /// Adapters of a rank.
    public init(rank: Int) { self.rank = rank }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) { try require(rank, "rank", atLeast: 1, atMost: Most.width) }
}

/// A network that stays as it is under adapters that learn: each weight matrix is W + A B. It begins as the network, for B is 0.
///
/// Biases and class embeddings are not adapted. The product A B is formed once a step, not once a row: the adapted network is
/// evaluated like any other.
public struct LowRankAdaptation: Module, Sendable {
    /// The network that stays as it is; its tensors are not parameters.
    public let base: Network
    var adapters: [Adapter]
    /// The place of each adapter's matrix among the parameters of the base.
    private let places: [Int]

    /// A [inputs, rank], normal with variance 1 / inputs, and B [rank, outputs].
    struct Adapter: Module, Sendable {
        var down: Tensor
        var up: Tensor

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            visit("down", &down)
            visit("up", &up)
        }
    }

    /// The network with adapters before their first step.
    public init(_ base: Network, _ shape: LowRankAdapters, key: RandomKey) {
        // Hoisted, so that the base is not drawn again at every step.
        let parameters = base.parameters.map { $0.hoisted() }
        self.base = base.replacingParameters(parameters)
        places = base.parameterNames.indices.filter { index in
            ["weight", UnitLinear.parameterName].contains { base.parameterNames[index].hasSuffix($0) }
                && parameters[index].rank == 2
        }
        adapters = places.map { place in
            let (inputs, outputs) = (parameters[place].shape[0], parameters[place].shape[1])
            let rank = min(shape.rank, inputs, outputs)
            let scale = 1 / Double(inputs).squareRoot()
            return Adapter(
                down: .normal([inputs, rank], key: key.folding("adapter").folding(place)) * scale,
                up: .zeros([rank, outputs]))
        }
    }

    /// The network with the adapters in its weights.
    public var network: Network {
        var parameters = base.parameters
        for (place, adapter) in zip(places, adapters) {
            parameters[place] = parameters[place] + adapter.down.matmul(adapter.up)
        }
        return base.replacingParameters(parameters)
    }

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        adapters.visitParameters(under: "adapters", visit)
    }
}
