import Tensors
import FlowMaps
import Foundation
import Storage
import Study

/// A student as a script of Python that needs PyTorch alone: it loads the exported weights, samples, and makes the stored samples
/// again from the stored noise.
struct StudentScript {
    private let settings: Settings

    /// The settings of the student in the script, as JSON.
    struct Settings: Encodable {
        struct Sampling: Encodable {
            let name: String
            let gamma: Double?
        }
        struct SelfGuidance: Encodable { let scale, from, to: Double }

        let network: String
        let depth: Int
        let patch, heads: Int?
        /// The layers that see the start of the step, where the others see its end.
        let early: Int?
        let image: [Int]?
        let dimension, classes: Int
        let frequencies: [Double]
        let sampling: Sampling
        let samplingGuidance: SelfGuidance?
        /// The guidance scale that the student is conditioned on.
        let guidance: Double?
        let head: PolicyHead?
        /// The deviation of the data, of a network between scales.
        let sigmaData: Double?
        let noise: NoiseLevels?
        /// The direction of time of weights under the released names; nil of this program's own.
        var convention: String?
        var weights = "", samples = ""

        /// Every key is in the script, also where it has no value.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(network, forKey: .network)
            try container.encode(depth, forKey: .depth)
            try container.encode(patch, forKey: .patch)
            try container.encode(heads, forKey: .heads)
            try container.encode(early, forKey: .early)
            try container.encode(image, forKey: .image)
            try container.encode(dimension, forKey: .dimension)
            try container.encode(classes, forKey: .classes)
            try container.encode(frequencies, forKey: .frequencies)
            try container.encode(sampling, forKey: .sampling)
            try container.encode(samplingGuidance, forKey: .samplingGuidance)
            try container.encode(guidance, forKey: .guidance)
            try container.encode(head, forKey: .head)
            try container.encode(sigmaData, forKey: .sigmaData)
            try container.encode(noise, forKey: .noise)
            try container.encode(convention, forKey: .convention)
            try container.encode(weights, forKey: .weights)
            try container.encode(samples, forKey: .samples)
        }

        enum CodingKeys: String, CodingKey {
            case network, depth, patch, heads, early, image, dimension, classes, frequencies, sampling, samplingGuidance
            case guidance, head, sigmaData, noise, convention, weights, samples
        }
    }

    /// - Parameters:
    ///   - student: the training of the student, and so its sampling.
    ///   - guidance: the guidance scale that it is conditioned on in the evaluation.
    /// - Throws: `CheckpointError` for a network that the script does not support.
    init(
        _ description: CheckpointDescription, student: Distillation, guidance: Double?, from source: String
    ) throws {
        func refusal(_ found: String) -> CheckpointError {
            CheckpointError(path: source, found: found, allowed: "a student guided by one scale")
        }
        guard case .network(let shape, _, let form) = description.model else { throw refusal("a classifier") }
        let body = Body(shape), image = description.image.map { [$0.channels, $0.height, $0.width] }
        var early: Int?
        if case .decoupled(let share) = form?.conditioning { early = Int((share * Double(shape.depth)).rounded()) }
        settings = Settings(
            network: body.name, depth: shape.depth, patch: body.transformer?.patch, heads: body.transformer?.heads,
            early: early, image: image, dimension: description.dimension, classes: description.classes,
            frequencies: body.times.frequencies, sampling: Self.sampling(student.sampling),
            samplingGuidance: try Self.guidance(student.method.samplingGuidance, refusal), guidance: guidance,
            head: (form?.head).flatMap { PolicyHead($0, image: image) }, sigmaData: body.sigmaData, noise: body.noise)
    }

    private static func sampling(_ sampling: MapSampling) -> Settings.Sampling {
        switch sampling {
        case .map: Settings.Sampling(name: "map", gamma: nil)
        case .restart: Settings.Sampling(name: "restart", gamma: nil)
        case .gamma(let value): Settings.Sampling(name: "gamma", gamma: value)
        case .velocity: Settings.Sampling(name: "velocity", gamma: nil)
        }
    }

    private static func guidance(
        _ guidance: Guidance?, _ refusal: (String) -> CheckpointError
    ) throws -> Settings.SelfGuidance? {
        guard let guidance else { return nil }
        guard case .fixed(let scale) = guidance.scale else {
            throw refusal("a student guided by a scale that is drawn")
        }
        return Settings.SelfGuidance(scale: scale, from: guidance.from, to: guidance.to)
    }

    /// Several steps give the same samples each time: no fresh noise is drawn.
    var isDeterministic: Bool {
        settings.sampling.name == "map" || settings.sampling.name == "velocity" || settings.sampling.gamma == 0
    }

    /// The script for weights and samples that lie beside it.
    /// - Parameter convention: the direction of time of weights under the released names; nil of this program's own.
    func text(weights: String, samples: String, convention: PublishedSiT.Convention?) throws -> String {
        var settings = settings
        (settings.weights, settings.samples) = (weights, samples)
        settings.convention = convention?.rawValue
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(settings), as: UTF8.self).replacing("\\", with: "\\\\")
        return String(decoding: PackageResources.student_py, as: UTF8.self).replacing(
            "\"\"\"{}\"\"\"", with: "\"\"\"\(json)\"\"\"")
    }
}
