import Tensors
import Foundation
import Testing

@testable import FlowMaps

/// Whether `make test-all` asked for the tests that train for minutes.
private let runsSlowTests = ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] != nil

/// Where a method is to end.
struct StageResult: Sendable, CustomTestStringConvertible {
    let name: String
    let method: Method
    /// In which it is sampled.
    let steps: Int
    /// Of the floor.
    let multiple: Double
    var testDescription: String { name }

    init(_ name: String, _ method: Method, steps: Int = 1, below multiple: Double) {
        (self.name, self.method, self.steps, self.multiple) = (name, method, steps, multiple)
    }

    /// A method as it is, but for a bank of samples that suits so short a training. One that learns velocities alone takes steps.
    init(_ name: MethodName, below multiple: Double) {
        func smaller(_ states: StateSource) -> StateSource {
            guard case .teacherSamples(_, _, let coupling) = states else { return states }
            return .teacherSamples(count: 4000, sampler: .heun(steps: 16), coupling: coupling)
        }
        var method = name.method
        method.main.states = smaller(method.main.states)
        if let states = method.secondTerm?.term.states { method.secondTerm?.term.states = smaller(states) }
        self.init(
            name.rawValue, method, steps: method.sampling == .velocity ? 32 : 1, below: multiple)
    }
}

@Suite(
    "Each method ends near its teacher's distribution in 1,000 steps",
    .enabled(if: runsSlowTests, "make test-all runs it"),
    .serialized)
struct MethodConvergenceTests {
    private static let plane = ConvergenceGround.plane()
    private static let digits = Result { try ConvergenceGround.digits() }

    /// Some twice what was found with one seed.
    private static func endings(
        _ bounds: KeyValuePairs<Double, [MethodName]>, prediction multiple: Double, freeflow: Double
    ) -> [StageResult] {
        bounds.flatMap { multiple, names in names.map { StageResult($0, below: multiple) } } + [
            StageResult("prediction", .prediction(), below: multiple),
            StageResult("freeflow", Method.prediction().corrected(), below: freeflow),
        ]
    }

    /// Found were 1.4 to 2.3, 2.1 to 3.7, 3.2 to 6.4 and 4.5 to 7.4, row by row; the floor is of the exact distribution.
    private static let planarEndings = endings(
        [
            3: ["sCD", "sCDVSD", "cd", "meanFlowFromTeacher", "kd", "dmd", "ayfLMD", "reflow", "piFlow"],
            5: ["ect", "ayfEMD", "dmd2", "sid", "sCT", "sdee", "iCT", "imm", "lsd", "stee", "flowMatching"],
            7: ["meanFlow", "shortcut", "psd", "esd", "vsd", "decoupledMeanFlow", "fgm"],
            10: ["sdei", "progressive", "ct", "stei", "facm"],
        ], prediction: 3, freeflow: 3)

    private static let digitEndings = endings(
        [
            2.5: ["kd", "ayfEMD", "reflow", "meanFlowFromTeacher"],
            4: ["cd", "ayfLMD", "sCD", "dmd", "facm", "dmd2", "sdee", "sdei", "vsd", "sid", "fgm"],
            6: ["flowMatching", "imm", "sCT", "stee", "ect", "piFlow"],
            8: ["esd", "progressive", "sCDVSD", "stei", "shortcut"],
            10: ["psd", "ct", "meanFlow", "lsd", "decoupledMeanFlow", "iCT"],
        ], prediction: 2.5, freeflow: 2.5)

    @Test(
        "eight Gaussians, below so many times the distance of two sets of the teacher's samples",
        arguments: planarEndings)
    func ofMixture(stageResult: StageResult) throws {
        try ends(stageResult, on: Self.plane)
    }

    @Test("digits, below so many times the distance of two sets of the teacher's samples", arguments: digitEndings)
    func ofDigits(stageResult: StageResult) throws {
        try ends(stageResult, on: Self.digits.get())
    }

    private func ends(_ stageResult: StageResult, on ground: ConvergenceGround) throws {
        let found = try ground.multiple(stageResult.method, after: 1000, steps: stageResult.steps)
        #expect(found < stageResult.multiple)
        #expect(stageResult.multiple < ground.ceiling, "a bound that a student who learned nothing is within")
    }

    @Test("and none is left out", arguments: [planarEndings, digitEndings])
    func all(endings: [StageResult]) {
        #expect(Set(endings.map(\.name)) == Set(MethodName.allCases.map(\.rawValue) + ["prediction"]))
        #expect(endings.count == MethodName.allCases.count + 1)
    }
}
