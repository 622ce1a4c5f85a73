import Tensors

/// The specification of a teacher: a velocity learned from data by flow matching.
public struct TeacherTraining: Codable, Hashable, Sendable, Validated {
    /// The network.
    public let network: NetworkShape
    /// The optimization.
    public let optimization: Optimization
    /// The share of rows whose class is withheld, so that the teacher can be guided, in [0, 1].
    public let labelDropout: Double
    /// The distribution of t.
    public let times: TimeDistribution
    /// The weight of the error at each time; nil weighs all times alike.
    public let weighting: VelocityWeighting?
    /// Features that a hidden layer is aligned with; nil is none.
    public let representation: RepresentationAlignment?

    /// A teacher's specification from its parts.
    public init(
        network: NetworkShape, optimization: Optimization, labelDropout: Double, times: TimeDistribution,
        weighting: VelocityWeighting? = nil, representation: RepresentationAlignment? = nil
    ) {
        (self.network, self.optimization, self.labelDropout, self.times) = (network, optimization, labelDropout, times)
        (self.weighting, self.representation) = (weighting, representation)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try probability(labelDropout, "labelDropout")
        guard let representation else { return }
        try require(
            representation.block <= network.depth, "representation.block", found: representation.block,
            allowed: "from 1 to \(network.depth), the network's hidden layers")
    }

    /// The same training without the request for one of its stored averages.
    public var withoutChoice: TeacherTraining {
        TeacherTraining(
            network: network, optimization: optimization.replacing(ema: optimization.ema.withoutChoice),
            labelDropout: labelDropout, times: times, weighting: weighting, representation: representation)
    }

    /// A trainer at its first step.
    /// - Parameter extractor: whose features a hidden layer is aligned with, known numbers; where the training has such a term.
    public func trainer(
        on data: TrainingData, extractor: Classifier? = nil, key: RandomKey, on backend: any Backend
    ) throws -> Trainer<TrainState<TeacherModel>> {
        let start = TrainState(model(for: data, key: key.folding("weights")), ema: optimization.ema)
        func gradient(_ state: TrainState<TeacherModel>, _ step: Tensor, _ part: Tensor?) -> Slope {
            slope(state, step, part, on: data, extractor, key)
        }
        func learn(_ state: inout TrainState<TeacherModel>, _ slope: Slope, _ step: Tensor) -> [(String, Tensor)] {
            let norm = state.learn(slope.gradient, optimization, step: step)
            let names = ["loss"] + (representation == nil ? [] : ["alignment"])
            return Array(zip(names, slope.numbers)) + [("gradientNorm", norm)]
        }
        if optimization.parts > 1 {
            return try Trainer(
                initial: start, inPartsOf: optimization, on: backend,
                contribution: { gradient($0, $1, $2).mapParameters { $0 / Double(optimization.parts) } },
                update: { learn(&$0, $1, $2).map { (name: $0, value: $1) } })
        }
        return try Trainer(initial: start, execution: optimization.execution, on: backend) { state, step in
            learn(&state, gradient(state, step, nil), step).map { (name: $0, value: $1) }
        }
    }

    /// The gradient of a batch, or of a part of one, and the means over its rows: the loss, and the alignment where there is one.
    struct Slope: Module {
        var gradient: TeacherModel
        var numbers: [Tensor]

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            gradient.visitParameters(under: "gradient", visit)
            for index in numbers.indices { visit("numbers.\(index)", &numbers[index]) }
        }
    }

    /// - Parameter part: the number of the part, from 0, a scalar; nil for the whole batch.
    private func slope(
        _ state: TrainState<TeacherModel>, _ step: Tensor, _ part: Tensor?, on data: TrainingData,
        _ extractor: Classifier?, _ key: RandomKey
    ) -> Slope {
        func own(_ tensor: Tensor) -> Tensor { part.map { tensor.part($0, of: optimization.parts) } ?? tensor }
        let (drawn, condition) = data.draw(optimization.batch, key: key.folding("data"), step: step)
        let samples = own(drawn)
        let noise = own(Tensor.normal(drawn.shape, key: key.folding("noise"), step: step))
        let t = own(times.draw(optimization.batch, key: key.folding("times"), step: step))
        let all = withheld(condition, classes: data.classes, key: key.folding("dropout"), step: step)
        let given = part.map { all.part($0, of: optimization.parts) } ?? all
        let features = representation.map { $0.target(samples, extractor, network) }
        let result = valueAndGradient(
            at: state.model, rematerializing: optimization.rematerialize
        ) { model -> (loss: Tensor, extra: [Tensor]) in
            let pass = HiddenPass(model.network, layer: representation?.block)
            let loss = matching(model, pass, data: samples, noise: noise, at: t, given: given)
            guard let representation, let features, let projection = model.projection, let hidden = pass.hidden
            else { return (loss, [loss]) }
            let alignment = RepresentationAlignment.alignment(projection(hidden), with: features)
            return (loss - representation.weight * alignment, [loss, alignment])
        }
        return Slope(gradient: result.gradient, numbers: result.extra)
    }

    /// The network with the parts that are trained beside it.
    private func model(for data: TrainingData, key: RandomKey) -> TeacherModel {
        TeacherModel(
            network: network.build(dimension: data.dimension, image: data.image, classes: data.classes, key: key),
            projection: representation?.projection(from: network, image: data.image, key: key.folding("projection")),
            uncertainty: weighting?.uncertainty)
    }

    /// Flow matching, weighted by time.
    private func matching(
        _ model: TeacherModel, _ velocity: HiddenPass, data: Tensor, noise: Tensor, at t: Tensor,
        given condition: Condition
    ) -> Tensor {
        guard let weighting else {
            return FlowMatching.loss(velocity, data: data, noise: noise, at: t, given: condition)
        }
        let error = FlowMatching.error(velocity, data: data, noise: noise, at: t, given: condition)
        return weighting.loss(error, at: t, model.uncertainty)
    }

    private func withheld(_ condition: Condition, classes: Int, key: RandomKey, step: Tensor) -> Condition {
        guard let labels = condition.labels, labelDropout > 0 else { return condition }
        let isWithheld = greater(Tensor(labelDropout), .uniform(labels.shape, key: key, step: step))
        return Condition(labels: select(isWithheld, Tensor(Double(classes)), labels))
    }
}

/// A teacher under training: its network, and the parts that are trained with it and dropped afterwards.
public struct TeacherModel: Module, Sendable {
    /// The teacher's network.
    public var network: Network
    /// The projection from a hidden layer to the features that it is aligned with.
    var projection: RepresentationAlignment.Projection?
    /// The learned variance of the error at each time.
    var uncertainty: VelocityWeighting.LogVariance?

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        network.visitParameters(visit)
        projection?.visitParameters(under: "projection", visit)
        uncertainty?.visitParameters(under: "uncertainty", visit)
    }
}

/// The velocity of a network that stores the output of one hidden layer.
final class HiddenPass: VelocityField {
    private let network: Network
    private let layer: Int?
    /// The hidden layer [n, tokens, width] of the last pass; nil where no layer is stored.
    private(set) var hidden: Tensor?

    init(_ network: Network, layer: Int?) { (self.network, self.layer) = (network, layer) }

    func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        network(x, time: t, duration: nil, condition) { layer, hidden in
            if layer == self.layer { self.hidden = hidden }
        }
    }
}
