import Engine
import Foundation
import Testing

@testable import FlowMaps

/// Whether `make test-all` asked for the tests that train for minutes.
private let runsSlowTests = ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] != nil

/// Where a method is to end.
struct Ending: Sendable, CustomTestStringConvertible {
    let name: String
    let objective: Objective
    /// Of the student a sample.
    let evaluations: Int
    /// Of the floor.
    let multiple: Double
    var testDescription: String { name }

    init(_ name: String, _ objective: Objective, evaluations: Int = 1, below multiple: Double) {
        (self.name, self.objective, self.evaluations, self.multiple) = (name, objective, evaluations, multiple)
    }

    /// A method as it is, but for a bank of samples that suits so short a training. One that learns velocities alone takes steps.
    init(_ name: MethodName, below multiple: Double) {
        func smaller(_ states: StateSource) -> StateSource {
            guard case .teacherSamples(_, _, let coupling) = states else { return states }
            return .teacherSamples(count: 4000, sampler: .heun(steps: 16), coupling: coupling)
        }
        var method = name.method
        method.main.states = smaller(method.main.states)
        if let states = method.beside?.term.states { method.beside?.term.states = smaller(states) }
        self.init(
            name.rawValue, .method(method), evaluations: method.sampling == .velocity ? 32 : 1, below: multiple)
    }
}

@Suite(
    "Each method ends near its teacher's law in 1,000 steps", .enabled(if: runsSlowTests, "make test-all runs it"),
    .serialized)
struct MethodConvergenceTests {
    private static let plane = ConvergencePlane()

    /// Some twice what was found with one seed. The noise of one Euler step of the teacher is 29 floors away.
    static let endings: [Ending] =
        [
            (3.0, [.sCD, .sCDVSD, .cd, .meanFlowFromTeacher, .kd, .dmd, .ayfLMD, .reflow]),
            (5, [.sCT, .ect, .ayfEMD, .sdee, .dmd2, .sid, .iCT, .imm, .lsd, .fgm, .stee, .piFlow, .flowMatching]),
            (7, [.meanFlowFromScratch, .shortcut, .psd, .esd, .vsd, .facm, .decoupledMeanFlow]),
            (10, [.sdei, .progressive, .ct, .stei]),
        ].flatMap { (multiple: Double, names: [MethodName]) in names.map { Ending($0, below: multiple) } }
        + [
            Ending("prediction", .freeflow(prediction: prediction, correction: nil), below: 3),
            Ending("freeflow", .freeflow(prediction: prediction, correction: correction), below: 3),
        ]

    private static let prediction = Prediction(
        derivative: .jvp, durations: MethodName.uniform, decay: ResidualDecay(exponent: 0, epsilon: 1e-4),
        guidance: nil)
    private static let correction = Correction(
        share: 0.25, alpha: 1, balance: .residual, times: MethodName.uniform, guidance: nil,
        auxiliary: .init(rate: 2, updates: 1))

    @Test("below so many times the distance of two sets of the teacher's samples", arguments: endings)
    func ends(ending: Ending) throws {
        let found = try Self.plane.multiple(ending.objective, steps: 1000, evaluations: ending.evaluations)
        #expect(found < ending.multiple)
    }

    @Test("and none is left out")
    func all() {
        #expect(Set(Self.endings.map(\.name)) == Set(MethodName.allCases.map(\.rawValue) + ["prediction", "freeflow"]))
    }
}
