import FlowMaps
import Specification

/// The key `evaluation.search`: an inference-time search with the verifier that chooses among its samples.
public struct EvaluationSearch: Codable, Hashable, Sendable, Validated {
    /// Network evaluations a sample in all, rising; each at least what the sampler takes.
    public let budgets: [Int]
    /// Samples that are searched for.
    public let samples: Int
    /// The score by which samples are chosen.
    public let verifier: SearchVerifier
    /// The teacher's sampler for the chosen noise, under the guidance of the evaluation.
    public let sampler: Sampler
    /// Noises around the best one that zero-order search tries before it moves.
    public let neighbours: Int
    /// ρ of zero-order search, in (0, 1]; see `Search.radius`.
    public let radius: Double

    /// A search from its settings.
    public init(
        budgets: [Int], samples: Int, verifier: SearchVerifier, sampler: Sampler, neighbours: Int, radius: Double
    ) {
        (self.budgets, self.samples, self.verifier) = (budgets, samples, verifier)
        (self.sampler, self.neighbours, self.radius) = (sampler, neighbours, radius)
    }

    /// The search without the verifier.
    public var search: Search {
        Search(budgets: budgets, samples: samples, sampler: sampler, neighbours: neighbours, radius: radius)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try search.validate()
        guard let program = verifier.program else { return }
        try require(
            program.scores == nil && program.reference == nil, "verifier",
            found: "a program with scores or a reference",
            allowed: "command, files, version, timeout and formats, as it answers one number a sample")
    }

    /// The same with the content of its verifier's files.
    /// - Throws: `InputError` for a file that cannot be read, `Violation` where the study states another content.
    func resolved() throws -> EvaluationSearch {
        guard let program = verifier.program else { return self }
        do {
            return EvaluationSearch(
                budgets: budgets, samples: samples, verifier: .plugIn(try program.resolved()), sampler: sampler,
                neighbours: neighbours, radius: radius)
        } catch let violation as Violation {
            throw violation.under("evaluation.search.verifier")
        }
    }
}

/// The score by which a search chooses: one of this program's own, or what a program of the user's answers, a number a sample of
/// which more is better.
public enum SearchVerifier: Hashable, Sendable {
    case own(Verifier)
    case plugIn(PlugIn)

    /// The program that answers the scores; nil of one of this program's own.
    package var program: PlugIn? { if case .plugIn(let program) = self { program } else { nil } }
}

extension SearchVerifier: Codable {
    /// Decodes a program where there is a `command`, else the name of a verifier.
    public init(from decoder: any Decoder) throws {
        if decoder.hasKey(PlugIn.CodingKeys.command.rawValue) {
            self = .plugIn(try decoder.singleValueContainer().decode(PlugIn.self))
        } else {
            self = .own(try decoder.singleValueContainer().decode(Verifier.self))
        }
    }

    /// Encodes the verifier in the form that a study writes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .own(let verifier): try container.encode(verifier)
        case .plugIn(let program): try container.encode(program)
        }
    }
}
