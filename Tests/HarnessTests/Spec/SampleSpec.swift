import FlowMaps
import Testing

@testable import Specification

/// A domain in miniature: every shape of type that a spec may hold.
struct SampleRun: Codable, Equatable {
    var seed: UInt64
    var student: SampleStudent
    var source: SampleSource
    var note: String?
}

struct SampleStudent: Codable, Equatable, Validated {
    var width: Int
    var rate: Double
    var network: SampleNetwork
    var objective: SampleObjective

    func validate() throws(Violation) {
        try positive(width, "width")
        try require(rate, "rate", in: 0...1)
    }
}

enum SampleObjective: Codable, Equatable {
    case freeflow(prediction: SamplePrediction, correction: SampleCorrection?)
    case meanFlow(power: Double)

    enum CodingKeys: String, CodingKey, CaseIterable { case freeflow, meanFlow }
}

struct SamplePrediction: Codable, Equatable {
    var exponent: Double
}

struct SampleCorrection: Codable, Equatable, Validated {
    var alpha: Double
    var weights: [Float]

    func validate() throws(Violation) { try require(alpha, "alpha", in: 0...) }
}

enum SampleNetwork: Codable, Equatable {
    case mlp(SampleLayers)
    case linear(Int)

    enum CodingKeys: String, CodingKey, CaseIterable { case mlp, linear }
}

struct SampleLayers: Codable, Equatable {
    var depth: Int
    var activation: SampleActivation
}

enum SampleActivation: String, Codable, CaseIterable { case relu, silu }

enum SampleSource: Codable, Equatable {
    case prior
    case data(strength: Double, isShuffled: Bool)

    enum CodingKeys: String, CodingKey, CaseIterable { case prior, data }
}

enum Sample {
    static let base = """
        seed: 0
        student:
          width: 64
          rate: 1e-3
          network: {mlp: {depth: 2, activation: silu}}
          objective:
            freeflow:
              prediction: {exponent: 0.5}
              correction: {alpha: 1, weights: [0.1, 2]}
        source: prior
        """

    static func tree(_ yaml: String) throws -> SpecTree { try SpecTree(yaml: yaml, file: "study.yaml") }

    /// The base with one line replaced by another.
    static func base(replacing line: String, with other: String) throws -> SpecTree {
        try #require(base.contains(line))
        return try tree(base.replacing(line, with: other))
    }

    static func run(_ tree: SpecTree) throws -> SampleRun { try StrictDecoder().decode(SampleRun.self, from: tree) }
}

/// The whole text of the error that `body` throws.
func errorText(_ body: () throws -> some Any) -> String {
    do {
        return "no error, but \(try body())"
    } catch {
        return "\(error)"
    }
}
