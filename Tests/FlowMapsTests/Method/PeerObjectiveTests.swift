import Foundation
import Testing
import TestSupport

@testable import FlowMaps

/// The losses and gradients of all methods by `Tests/Peers/objectives.py`, which is written from the papers alone.
@Suite(
    "Each method beside the same from its paper's equations in JAX",
    .enabled(if: JAXPeer.isInstalled, "no python3 with jax 0.8 here"))
struct PeerObjectiveTests {
    /// Float64 through networks and derivatives, and numbers of 10⁻¹² here and there that keep 0 / 0 away; found are 10⁻¹⁶ to 10⁻¹¹.
    private let tolerance = 1e-9

    @Test("has its gradients and its mean squares", arguments: PeerCase.all)
    func objective(peered: PeerCase) throws {
        let drawn = try #require(JAXPeer.drawn[peered.name]), result = try #require(JAXPeer.results[peered.name])
        #expect(difference(drawn, result) == nil)
        // Mean squares of what is a regression or a gap of velocities in both.
        let squares = result["squares"] as? [Double] ?? []
        let names = peered.method.terms.map { "\($0.key ?? "main")Residual" }
        for (index, part) in peered.method.terms.enumerated() where part.term.target.isMeasuredAlike {
            #expect(mismatch([drawn.recorded[names[index]] ?? .nan], [squares[index]], within: tolerance) == nil)
        }
        if let square = result["auxiliarySquare"] as? Double {
            #expect(mismatch([drawn.recorded["auxiliaryLoss"] ?? .nan], [square], within: tolerance) == nil)
        }
        #expect(drawn.student.contains { abs($0) > 1e-4 })
    }

    @Test("differs from it once the sign of any one of its terms is turned", arguments: JAXPeer.turned)
    func turned(peered: PeerCase) throws {
        let drawn = try #require(JAXPeer.drawn[peered.name]), result = try #require(JAXPeer.results[peered.name])
        let turned = try #require(result["flips"] as? [String: [String: Any]])
        #expect(!turned.isEmpty)
        for (term, wrong) in turned {
            #expect(difference(drawn, wrong) != nil, "\(term) turned")
        }
    }

    /// The first gradient that differs; nil where none does.
    private func difference(_ drawn: PeerCase.Drawn, _ result: [String: Any]) -> String? {
        func flat(_ gradient: Any?, _ names: [String]) -> [Double] {
            names.flatMap { numbers((gradient as? [String: Any])?[$0]) }
        }
        if let found = relative(drawn.student, flat(result["student"], drawn.names.student)) {
            return "student: \(found)"
        }
        if let auxiliary = drawn.auxiliary,
            let found = relative(auxiliary, flat(result["auxiliary"], drawn.names.auxiliary))
        {
            return "auxiliary: \(found)"
        }
        let weights = (result["weights"] as? [[Any]] ?? []).map { flat($0[1], ["layer.weight", "layer.bias"]) }
        return zip(drawn.weights, weights).lazy.compactMap { relative($0, $1) }.first.map { "weight: \($0)" }
            ?? (drawn.weights.count == weights.count ? nil : "\(weights.count) learned weights")
    }

    /// The difference relative to the largest number of the gradient, whatever its size.
    private func relative(_ found: [Double], _ expected: [Double]) -> String? {
        let scale = max(expected.map { abs($0) }.max() ?? 0, 1e-12)
        return mismatch(found.map { $0 / scale }, expected.map { $0 / scale }, within: tolerance)
    }

    private func numbers(_ value: Any?) -> [Double] {
        if let list = value as? [Any] { return list.flatMap { numbers($0) } }
        return (value as? NSNumber).map { [$0.doubleValue] } ?? []
    }
}

extension Target {
    /// Its residual is recorded as what the peer calls so; others record a slope.
    fileprivate var isMeasuredAlike: Bool {
        switch self {
        case .moments, .fisher: false
        case .direct, .eulerian, .lagrangian, .secant, .semigroup, .consistency, .imitation, .score: true
        }
    }
}

/// The peer's program, run once for all methods.
enum JAXPeer {
    /// The methods whose terms are turned one by one, which takes most of the time: all of them where `make test-all` runs.
    static let turned = PeerCase.all.filter { peered in
        ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] != nil || peered.name == "freeflow"
            || peered.name == "meanFlow"
    }
    static let isInstalled = run("python3 -c 'import jax; assert jax.__version__.startswith(\"0.8\")'") == 0
    nonisolated(unsafe) static let drawn = Dictionary(uniqueKeysWithValues: PeerCase.all.map { ($0.name, $0.drawn()) })

    /// The result of each case, by name.
    nonisolated(unsafe) static let results: [String: [String: Any]] = {
        let folder = TemporaryFolder(), cases = PeerCase.all.map { drawn[$0.name]!.arguments }
        let arguments = folder.file("cases.json"), results = folder.file("results.json")
        let names = turned.map(\.name).joined(separator: " ")
        do {
            try JSONSerialization.data(withJSONObject: cases).write(to: URL(fileURLWithPath: arguments))
            guard
                run(
                    "python3 '\(Package.folder)/Tests/Peers/objectives.py' '\(arguments)' '\(results)' --flip-each \(names)"
                )
                    == 0
            else { return [:] }
            let read = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: results)))
            return Dictionary(uniqueKeysWithValues: zip(PeerCase.all.map(\.name), read as? [[String: Any]] ?? []))
        } catch { return [:] }
    }()

    static func run(_ command: String) -> CInt { system("\(command) >&2") }
}
