import ArgumentParser
import CPU
import Tensors
import FlowMaps

/// The networks and batches whose training step is measured.
enum Model: String, CaseIterable, ExpressibleByArgument {
    /// Points in the plane.
    case mlp2d
    /// 8 × 8 digits with classes.
    case digits
    /// 28 × 28 images with classes.
    case dit28

    var batch: Int {
        switch self {
        case .mlp2d: 1024
        case .digits: 512
        case .dit28: 64
        }
    }

    var dimension: Int {
        switch self {
        case .mlp2d: 2
        case .digits: 64
        case .dit28: 784
        }
    }

    var classes: Int { self == .mlp2d ? 0 : 10 }

    var image: ImageShape? { self == .dit28 ? ImageShape(channels: 1, height: 28, width: 28) : nil }

    var shape: NetworkShape {
        switch self {
        case .mlp2d: .mlp(width: 256, depth: 4, times: Frequencies(count: 32, lowest: 1, highest: 100))
        case .digits: .mlp(width: 512, depth: 4, times: Frequencies(count: 32, lowest: 1, highest: 100))
        case .dit28:
            .sit(patch: 4, width: 128, depth: 6, heads: 4, times: Frequencies(count: 64, lowest: 1, highest: 100))
        }
    }

    /// A network of known weights, none of them zero, so that every gradient is alive.
    func network(_ name: String) throws -> Network {
        let key = RandomKey(seed: 1).folding(name)
        let start = shape.build(dimension: dimension, image: image, classes: classes, key: key)
        let live = start.parameters.enumerated().map { index, parameter in
            parameter + 0.05 * .normal(parameter.shape, key: key.folding("live").folding(index))
        }
        return try start.replacingParameters(live).materialized(on: CPUBackend())
    }
}
