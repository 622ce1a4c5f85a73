import Tensors
import FlowMaps
import Foundation

@testable import Study

/// A tiny transformer none of whose weights are zero.
struct SampleModel {
    let image: ImageShape
    let shape: SiTShape
    let network: Network
    let description: CheckpointDescription

    init(
        times: Frequencies = .published(count: 4), outputs: SiTShape.Outputs? = nil,
        conditioning: [EmbeddedScalar] = [],
        image: ImageShape = ImageShape(channels: 2, height: 4, width: 4), classes: Int = 3, form: MapForm? = nil,
        qkNorm: QueryKeyNorm.Kind? = nil
    ) {
        self.image = image
        shape = SiTShape(
            extent: .free(patch: 2, width: 8, depth: 2, heads: 2), times: times, outputs: outputs,
            qkNorm: qkNorm)
        let dimension = image.channels * image.height * image.width
        let plain = NetworkShape.sit(shape).build(
            dimension: dimension, image: image, classes: classes, key: RandomKey(seed: 1)
        ).embedding(conditioning, key: RandomKey(seed: 2))
        let start =
            form.map { plain.formed($0, isGuided: false, image: image, key: RandomKey(seed: 4)) } ?? plain
        let live = Tensor.materialized(
            start.parameters.enumerated().map { $1 + 0.3 * .normal($1.shape, key: RandomKey(seed: 3).folding($0)) })
        network = start.replacingParameters(zip(start.parameters, live).map { Tensor($1, shape: $0.shape) })
        description = CheckpointDescription(
            role: start.isMap ? .student : .teacher, model: .network(.sit(shape), start),
            dimension: dimension,
            image: image, classes: classes, range: 0...1)
    }

    func write(to path: String) throws { try Checkpoint.write(network, description, origin: "made: here\n", to: path) }
}

extension Network {
    /// All numbers, in the order of the parameters.
    var numbers: [[Float]] { Tensor.materialized(parameters) }
}
