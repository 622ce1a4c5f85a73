import Foundation

/// Studies that run in milliseconds, as users write them.
public enum TinyStudy {
    /// A claim on the two arms, to stand behind a study's text.
    public static let claim = """
        claims:
          synergy:
            says: Combined is below prediction.
            lower: {metric: frechetDistance, of: {objective: combined}, than: {objective: prediction}}

        """

    /// Two arms and two seeds on points of the plane, judged on their coordinates.
    public static let planar = """
        study: tiny
        question: Does it run?
        base:
          data: {planar: {set: eightGaussians, count: 200}}
          sharedSeed: 0
          seed: 0
          teacher:
            network: {mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}
            times: {uniform: {from: 0, to: 1}}
            labelDropout: 0
            optimization: {steps: 40, batch: 16, learningRate: 1.0e-2, warmUp: 0, cooldown: 0.5, clip: 1, ema: {halfLife: 0.05}}
          student:
            optimization: {steps: 20, batch: 16, learningRate: 1.0e-3, warmUp: 0, cooldown: 0.5, clip: 1, ema: {halfLife: 0.05}}
            method:
              freeflow:
                states: prior
                times: {fromNoise: {durations: {uniform: {from: 0, to: 1}}}}
                target: {lagrangian: {velocity: teacher, derivative: jvp}}
                weighting: {space: velocity, residual: {adaptiveWeight: {power: 1, epsilon: 1.0e-4}}, time: one}
                secondTerm:
                  share: 0.25
                  weight: 1
                  balance: residual
                  times: {toData: {times: {point: {at: 1}}}}
                  target: {score: {levels: {uniform: {from: 0, to: 1}}, weight: velocity}}
          evaluation:
            samples: 64
            measurements: 2
            projections: 8
            savedSamples: 8
            teacher: {sampler: {heun: {steps: 4}}}
            features: coordinates
        axes:
          objective:
            prediction: {student: {method: {freeflow: {secondTerm: ~}}}}
            combined: {}
          seed: [0, 1]

        """

    /// The same on the digits, with classes and guidance, judged on the features of a classifier.
    public static let digits = planar.changing(
        "{planar: {set: eightGaussians, count: 200}}", to: "digits"
    ).changing("labelDropout: 0", to: "labelDropout: 0.1").changing(
        "{sampler: {heun: {steps: 4}}}", to: "{sampler: {heun: {steps: 4}}, guidance: {scale: 2, from: 0, to: 1}}"
    ).changing(
        "features: coordinates",
        to: "features: {classifier: {width: 16, features: 8, heldOut: 0.2, "
            + "augmentation: {kinds: [shift], strength: 0.5}, "
            + "optimization: {steps: 20, batch: 16, learningRate: 1.0e-2, warmUp: 0, cooldown: 0, ema: none}}}")
}

extension String {
    /// The text with the one place that says `old` saying `new`.
    public func changing(_ old: String, to new: String) -> String {
        guard components(separatedBy: old).count == 2 else { fatalError("'\(old)' is not there exactly once") }
        return replacing(old, with: new)
    }
}

/// The package that the tests are of.
public enum Package {
    /// Its folder, without a slash at the end.
    public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The studies that it comes with, in alphabetical order.
    public static var experiments: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/experiments")) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }
}
