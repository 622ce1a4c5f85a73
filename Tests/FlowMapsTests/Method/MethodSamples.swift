import Tensors
import Testing

@testable import FlowMaps

/// Methods as they are, but for banks of samples that a test can wait for.
extension MethodName {
    var small: Method {
        var method = method
        method.main.states = method.main.states.small
        if let states = method.secondTerm?.term.states { method.secondTerm?.term.states = states.small }
        return method
    }
}

extension StateSource {
    fileprivate var small: StateSource {
        guard case .teacherSamples(_, _, let coupling) = self else { return self }
        return .teacherSamples(count: 16, sampler: .heun(steps: 2), coupling: coupling)
    }
}

/// Rows at states and times that a test chooses.
extension TermBatch {
    /// - Parameters:
    ///   - t, s, r, fraction, level: a number for each row.
    static func of(
        sample: Tensor?, noise: Tensor, t: [Double], s: [Double], r: [Double]? = nil, fraction: [Double]? = nil,
        level: [Double]? = nil, renoise: Tensor? = nil
    ) -> TermBatch {
        let half = t.map { _ in 0.5 }
        return TermBatch(
            t: .column(t), s: .column(s), r: .column(r ?? s), sample: sample, noise: noise, condition: .none,
            classless: nil, fraction: .column(fraction ?? half), level: .column(level ?? half),
            renoise: renoise ?? noise, progress: Tensor(0.5))
    }
}

extension TermNetworks {
    /// A map as student and as target network, judged by a teacher.
    static func of(
        _ map: some FlowMap, teacher: some VelocityField, auxiliary: (any VelocityField)? = nil
    ) -> TermNetworks {
        TermNetworks(student: map, target: map, teacher: teacher, auxiliary: auxiliary)
    }
}

/// A term of a method, with a name for a test's report.
struct NamedTerm: Sendable, CustomTestStringConvertible {
    let name: String
    let term: Term
    var testDescription: String { name }

    /// Those of all methods.
    static let all: [NamedTerm] = MethodName.allCases.flatMap { name in
        name.method.terms.map { NamedTerm(name: "\(name.rawValue)\($0.key.map { ".\($0)" } ?? "")", term: $0.term) }
    }

    /// Those whose target is of one kind.
    static func those(_ isMeant: (Target) -> Bool) -> [NamedTerm] { all.filter { isMeant($0.term.target) } }
}
