import Tensors

extension NetworkShape {
    /// The multiplications in the products of a sample's forward pass, for samples of a dimension: a weight counts as often as it is
    /// applied.
    /// - Parameter image: the shape of a sample that is an image, of as many numbers as `dimension`.
    /// - Returns: a whole number, in floating point, which does not overflow.
    public func weightCount(dimension: Int, image: ImageShape? = nil) -> Double {
        let dimension = Double(dimension)
        switch self {
        case .mlp(let units, let layers, let times):
            let (width, depth) = (Double(units), Double(layers))
            return 2 * dimension * width + (depth - 1) * width * width + 2 * Double(times.count) * width
        case .sit(let shape):
            let tokens = Self.tokens(shape, dimension, image), width = Double(shape.width), square = width * width
            // Scores and their use are 2 · tokens² · width, the projections and the perceptron 12 · width² a token.
            let block = tokens * 12 * square + 6 * square + 2 * tokens * tokens * width
            let ends = Double(1 + shape.outputFactor) * dimension * width + 2 * square
            return ends + 2 * Double(shape.times.count) * width + square + Double(shape.depth) * block
        case .mpMLP(let units, let layers, let times):
            let (width, depth) = (Double(units), Double(layers))
            return (2 * dimension + 1) * width + 2 * Double(times.count) * width + 3 * depth * width * width
        case .mpSiT(let shape):
            // As a transformer's, but that a block's condition is two scales and the time's features pass one layer.
            let tokens = Self.tokens(shape, dimension, image), width = Double(shape.width)
            let block = tokens * 12 * width * width + 2 * width * width + 2 * tokens * tokens * width
            return (2 * dimension + tokens) * width + 2 * Double(shape.times.count) * width
                + Double(shape.depth) * block
        case .preconditioned(_, let network), .noisePrediction(_, let network):
            return network.weightCount(dimension: Int(dimension), image: image)
        }
    }

    private static func tokens(_ shape: SiTShape, _ dimension: Double, _ image: ImageShape?) -> Double {
        max(1, (dimension / (Double(shape.patch * shape.patch) * Double(image?.channels ?? 1))).rounded(.down))
    }

    /// Numbers in the network at the least, in floating point, which does not overflow: products from layer to layer alone.
    package func leastParameters(dimension: Int) -> Double {
        switch self {
        case .mlp(let width, let depth, let times), .mpMLP(let width, let depth, let times):
            let inputs = 2 * Double(dimension) + 2 * Double(times.count)
            return Double(width) * (inputs + Double(depth - 1) * Double(width))
        case .sit(let shape), .mpSiT(let shape):
            // The projections and the perceptron of a block are 12 · width².
            return Double(shape.depth) * 12 * Double(shape.width) * Double(shape.width)
        case .preconditioned(_, let network), .noisePrediction(_, let network):
            return network.leastParameters(dimension: dimension)
        }
    }

    /// Numbers that a row of a batch leaves for the backward pass at the least.
    package var leastActivations: Double {
        switch self {
        case .mlp(let width, let depth, _), .mpMLP(let width, let depth, _): Double(width) * Double(depth)
        case .sit(let shape), .mpSiT(let shape): Double(shape.width) * Double(shape.depth)
        case .preconditioned(_, let network), .noisePrediction(_, let network): network.leastActivations
        }
    }
}

/// The cost of a network for images, computed from its shapes: no weight is ever in memory.
public struct NetworkCost: Sendable {
    /// Numbers in the network, as they are published: those that are learned and the table of positions.
    public let parameters: Int
    /// Numbers that are learned.
    public let learned: Int
    /// Floating-point operations of one sample's forward pass, a multiplication and an addition counting two.
    public let operations: Double
    private let network: Network
    private let dimension: Int

    /// - Parameter scalars: the scalars that the network is conditioned on besides time and class: none for a
    ///   teacher, the duration for a student.
    public init(_ shape: NetworkShape, image: ImageShape, classes: Int, scalars: [EmbeddedScalar] = []) {
        dimension = image.channels * image.height * image.width
        let start = shape.build(dimension: dimension, image: image, classes: classes, key: RandomKey(seed: 0))
        network = start.embedding(scalars, key: RandomKey(seed: 0))
        learned = network.parameterCount
        parameters = learned + network.fixedCount
        let embedded = learned - start.parameterCount
        operations = 2 * (shape.weightCount(dimension: dimension, image: image) + Double(embedded))
    }

    /// Bytes of a flow-matching step of this engine in float32: weights, Adam's two moments, the moving average, the
    /// gradient, and the values stored for it. The number is that of the compiler's memory plan; nothing is
    /// allocated.
    /// - Parameters:
    ///   - batch: rows a step, at least 1.
    ///   - rematerializing: has the backward pass compute blocks again instead of keeping their values.
    ///   - backend: what would compute the step.
    public func trainingBytes(batch: Int, rematerializing: Bool = false, on backend: any Backend) -> Int {
        backend.plannedBytes(of: trainingProgram(batch: batch, rematerializing))
    }

    /// Seconds of such a step, the fastest of a few behind a first one, which may compile; weights are 0, as no number decides the time.
    /// - Parameters:
    ///   - batch: rows a step, at least 1.
    ///   - backend: what computes the step.
    ///   - clock: gives seconds that never fall.
    /// - Throws: an error of the backend, such as of memory that is missing.
    public func trainingSeconds(batch: Int, on backend: any Backend, clock: () -> Double) throws -> Double {
        let compiled = try backend.compile(trainingProgram(batch: batch))
        try compiled.run()
        return try (0..<Self.timedSteps).reduce(.infinity) { fastest, _ in
            let start = clock()
            try compiled.run()
            _ = compiled.scalar(0)
            return min(fastest, clock() - start)
        }
    }

    private static let timedSteps = 3

    private func trainingProgram(batch: Int, _ rematerializing: Bool = false) -> Program {
        let optimization = Optimization(
            steps: 1, batch: batch, learningRate: 1e-4, warmUp: 0, cooldown: 0, clip: nil, ema: .halfLife(0.1))
        let initial = TrainState(network)
        let shapes = initial.parameters.map(\.shape)
        return Program(state: shapes, inputs: [[batch, dimension]]) { tensors, inputs in
            var trained = initial.replacingParameters(tensors)
            let noise = Tensor.normal([batch, dimension], key: RandomKey(seed: 0))
            let condition = Condition(
                labels: network.classes > 0 ? .zeros([batch]) : nil, guidance: .ones([batch, 1]))
            let result = valueAndGradient(at: trained.model, rematerializing: rematerializing) { network in
                let t = Tensor.uniform([batch, 1], key: RandomKey(seed: 1))
                let state = Interpolant.state(data: inputs[0], noise: noise, at: t)
                let velocity = network(state, time: t, duration: t, condition)
                return (square(velocity - Interpolant.velocity(data: inputs[0], noise: noise)).mean(), ())
            }
            trained.learn(result.gradient, optimization, step: Tensor(1))
            tensors = trained.parameters
            return [result.loss]
        }
    }
}

extension Network {
    /// Numbers that are fixed tables of its shape, not learned.
    fileprivate var fixedCount: Int {
        switch self {
        case .mlp: 0
        case .sit(let sit): sit.positions.shape.count
        case .mpMLP: 0
        case .mpSiT(let sit): sit.positions.shape.count
        case .preconditioned(let inner): inner.network.fixedCount
        case .noisePrediction(let inner): inner.network.fixedCount
        }
    }
}
