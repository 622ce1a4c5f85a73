import FlowMaps
import Storage

/// What is said of a released model beside its file, as no tensor tells it.
package struct PublishedOptions: Sendable {
    /// Heads of the attention; nil takes the file's, or the published number for its width.
    package var heads: Int?
    /// The direction of time and velocity; nil takes the file's, REPA's where it has REPA's projectors, MeanFlow's where it has a
    /// second time, and else SiT's.
    package var convention: PublishedSiT.Convention?
    /// The meaning of the rows of its table of classes.
    package var labels = PublishedLabels()
    /// The weights of a training's state; nil takes the moving average where there is one.
    package var weights: PublishedSiT.Weights?
    /// The quantity that the network predicts.
    package var prediction = Prediction.velocity
    /// The second time that a MeanFlow student sees in its `r_embedder`.
    package var secondTime: SecondTime?

    /// The quantity that a network predicts.
    package enum Prediction: Hashable, Sendable {
        /// The velocity of a straight path, as SiT does.
        case velocity
        /// The noise in a state of a diffusion model, as DiT does.
        case noise(NoiseSchedule)
    }

    /// The second time that a network of a flow map sees.
    package enum SecondTime: String, CaseIterable, Sendable {
        /// r, the time at which the step ends.
        case end
        /// t − r, the length of the step.
        case duration
    }

    package init(
        heads: Int? = nil, convention: PublishedSiT.Convention? = nil, labels: PublishedLabels = PublishedLabels(),
        weights: PublishedSiT.Weights? = nil, prediction: Prediction = .velocity, secondTime: SecondTime? = nil
    ) {
        (self.heads, self.convention, self.labels, self.weights) = (heads, convention, labels, weights)
        (self.prediction, self.secondTime) = (prediction, secondTime)
    }
}

extension PublishedOptions {
    /// The scalars that a model is conditioned on besides time and class.
    /// - Throws: `CheckpointError` where a second time is there and its meaning was not said, or the reverse.
    func scalars(of file: PublishedTensors) throws -> [EmbeddedScalar] {
        func refusal(_ found: String, _ allowed: String) -> CheckpointError {
            CheckpointError(path: file.path, found: found, allowed: allowed)
        }
        var scalars: [EmbeddedScalar] = []
        if file.shape("d_embedder.mlp.0.weight") != nil { scalars.append(.duration) }
        if file.shape("g_embedder.mlp.0.weight") != nil { scalars.append(.guidance) }
        let hasSecond = file.shape(PublishedSiT.secondTime) != nil
        switch (hasSecond, secondTime) {
        case (true, .end?): scalars.append(.end)
        case (true, .duration?) where !scalars.contains(.duration): scalars.append(.duration)
        case (true, .duration?): throw refusal("r_embedder beside d_embedder", "one embedder of durations")
        case (true, nil):
            throw refusal(
                "an r_embedder, as MeanFlow students have, and no word of what it sees",
                "--second-time end (r, where the step ends), --second-time duration (t - r, its length)")
        case (false, _?): throw refusal("no r_embedder", "no --second-time")
        case (false, nil): break
        }
        guard case .noise = prediction, !scalars.isEmpty else { return scalars }
        throw refusal("a student's embedders", "--prediction velocity, as students of flow maps give one")
    }

    /// The shape of the whole network: a transformer, or one whose noise is read as a velocity.
    func network(_ shape: SiTShape) -> NetworkShape {
        switch prediction {
        case .velocity: .sit(shape)
        case .noise(let schedule): .noisePrediction(schedule: schedule, network: .sit(shape))
        }
    }

    /// The published place of a parameter, in a file whose second time is a duration.
    func place(of parameter: String, in file: PublishedTensors) -> PublishedSiT.Place {
        let place = PublishedSiT.place(of: parameter)
        guard secondTime == .duration, place.name.hasPrefix("d_embedder.") else { return place }
        return PublishedSiT.Place(name: "r" + place.name.dropFirst(), kind: place.kind)
    }
}
