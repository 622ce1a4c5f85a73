import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("Numbers compare as numbers, however they are written")
struct NumbersAsNumbersTests {
    private let text = TinyStudy.planar.changing(
        "  seed: [0, 1]\n",
        to: """
              rate: {path: student.optimization.learningRate, values: [1.0e-3, 1.0e-4]}
              clip: {path: student.optimization.clip, values: [1, 2], when: {rate: 0.001}}
              seed: [0]

            """)

    @Test("in a condition")
    func condition() throws {
        let study = try Study(yaml: text, file: "a.yaml")
        let clips = study.runs.filter { $0["objective"] == "combined" }.map {
            "\($0["rate"] ?? "") \($0["clip"] ?? "-")"
        }
        #expect(clips == ["1.0e-3 1", "1.0e-3 2", "1.0e-4 -"])
        let error = #expect(throws: SpecError.self) {
            try Study(yaml: text.changing("{rate: 0.001}", to: "{rate: 0.002}"), file: "a.yaml")
        }
        #expect(error?.description.contains("unknown value '0.002' of axis 'rate' in the condition of 'clip'") == true)
    }

    @Test("a grid of more points than memory holds is counted before it is made")
    func grid() throws {
        let axes = (0..<6).map {
            "  a\($0): {path: student.x\($0), values: [\((0..<40).map(String.init).joined(separator: ", "))]}\n"
        }
        let error = #expect(throws: SpecError.self) {
            try Study(yaml: TinyStudy.planar + axes.joined(), file: "a.yaml")
        }
        #expect(error?.issues[0].problem == "the grid of all axes has too many points")
        #expect(error?.issues[0].found == "1.64e10, of 2 × 2 × 40 × 40 × 40 × 40 × 40 × 40 values")
    }

    @Test("in a choice of runs", arguments: ["0.0001", "1e-4", "1.0e-4", "0.1e-3"])
    func only(_ value: String) throws {
        let study = try Study(yaml: text, file: "a.yaml", changes: .init(only: ["rate=\(value)"]))
        #expect(study.runs.count == 2 && study.runs.allSatisfy { $0["rate"] == "1.0e-4" })
    }
}
